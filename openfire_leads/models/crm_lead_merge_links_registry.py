"""What the registry knows of links to a model and PostgreSQL's catalogue does not."""

from functools import cached_property


class RegistryLinksMixin:
    """The part of :class:`LinkFinder` for references, values per company and properties."""

    @cached_property
    def models_by_table(self):
        """``{table: model name}``, the first model of the registry on each table."""
        models = {}
        for name, model in self.env.registry.items():
            if not model._abstract and model._auto:
                models.setdefault(model._table, name)
        return models

    def _registry_columns(self):
        for model in self.env.registry.values():
            columns = self.columns.get(model._table)
            if model._abstract or not columns:
                continue
            for field in model._fields.values():
                values = self._registry_column(field, columns) if field.name in columns else None
                if values:
                    yield model._table, field.name, values

    def _registry_column(self, field, columns):
        if field.type == "reference":
            return {"kind": "reference"}
        if field.type == "many2one_reference":
            if field.model_field not in columns:
                return {"kind": "computed", "model_column": field.model_field}
            return self._pair(columns, field.model_field)
        if field.type == "properties":
            return self._property(field, columns)
        if field.type == "properties_definition":
            return {"kind": "definition"}
        if field.type == "many2one" and field.comodel_name == self.target and field.company_dependent:
            return {"kind": "company"}
        return None

    def _property(self, field, columns):
        container = self.env[self.env[field.model_name]._fields[field.definition_record].comodel_name]
        if container._table not in self.columns:
            return None
        values = {
            "kind": "property",
            "container": container._table,
            "definition": field.definition_record_field,
        }
        if field.definition_record in columns:
            return {**values, "record": field.definition_record}
        if container._name == "properties.base.definition":
            # one definition for all records of the model, contacts for example
            definition_field = self.env["ir.model.fields"]._get(field.model_name, field.name)
            return {**values, "base_field_id": definition_field.id}
        # the row does not tell whose definition applies; names of properties are unique as they are
        return values
