# Odoo 19 with the Python packages of the addon; compose.yaml adds the addon itself.
FROM odoo:19
USER root
COPY openfire_leads/__manifest__.py /tmp/
RUN python3 -c "import ast; print(*ast.literal_eval(open('/tmp/__manifest__.py').read())['external_dependencies']['python'], sep='\n')" > /tmp/requirements.txt \
    && pip3 install --no-cache-dir --break-system-packages -r /tmp/requirements.txt \
    && rm /tmp/__manifest__.py /tmp/requirements.txt
USER odoo
