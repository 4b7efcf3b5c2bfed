-- Turns a database of today back into the form that version 19.0.1.0.0 left it in, with the data that fits.

-- what came later
DROP TABLE IF EXISTS
    crm_lead_scan_batch, crm_lead_scan, crm_lead_regroup_queue, crm_lead_mail_aside, crm_lead_import,
    crm_lead_match_judgement, crm_lead_match_lesson, crm_lead_matching_band, crm_lead_merge_customer,
    crm_lead_merge_arrived_line, crm_lead_merge_arrived, crm_lead_merge_run_line, crm_lead_merge_run_res_company_rel,
    crm_lead_merge_run, crm_lead_duplicate_group_lead_rel,
    crm_lead_duplicate_group_crm_lead_duplicate_group_dismiss_rel, crm_lead_duplicate_group_dismiss,
    crm_lead_duplicate_group, crm_lead_duplicate_merge_crm_lead_merge_rel,
    crm_lead_duplicate_crm_lead_duplicate_merge_rel, crm_lead_duplicate_merge CASCADE;
DROP FUNCTION IF EXISTS openfire_leads_regroup, openfire_leads_regroup_updated CASCADE;
ALTER TABLE crm_lead DROP COLUMN entry_channel, DROP COLUMN import_id, DROP COLUMN no_customer;
ALTER TABLE crm_team DROP COLUMN incoming_known, ALTER COLUMN lead_mode DROP DEFAULT;
ALTER TABLE base_import_import DROP COLUMN lead_import_id;
WITH known AS (
    SELECT data.id, model, res_id FROM ir_model_data data WHERE module = 'openfire_leads' AND data.name IN (
        'ir_cron_lead_scan', 'ir_cron_lead_scan_helper', 'ir_cron_lead_scan_start', 'ir_cron_match_lesson',
        'ir_cron_merge_left_behind', 'ir_cron_merge_run', 'ir_cron_merge_run_automatic')
), crons AS (
    DELETE FROM ir_cron WHERE id IN (SELECT res_id FROM known)
)
DELETE FROM ir_model_data WHERE id IN (SELECT id FROM known);
UPDATE ir_cron SET interval_number = 10
 WHERE id = (SELECT res_id FROM ir_model_data WHERE module = 'openfire_leads' AND name = 'ir_cron_match_queue');

-- what is derived from leads
DROP TABLE IF EXISTS crm_lead_match_key, crm_lead_match, crm_lead_match_term, crm_lead_match_queue,
    crm_partner_match_key CASCADE;
CREATE TABLE crm_partner_match_key (
    key bigint NOT NULL,
    partner_id integer NOT NULL REFERENCES res_partner ON DELETE CASCADE,
    PRIMARY KEY (key, partner_id)
);
INSERT INTO crm_partner_match_key SELECT 6, id FROM res_partner;
CREATE TABLE crm_lead_match (
    lead_id integer PRIMARY KEY REFERENCES crm_lead ON DELETE CASCADE,
    engine smallint NOT NULL,
    digest bigint NOT NULL,
    profile jsonb NOT NULL,
    terms bigint[] NOT NULL
);
CREATE TABLE crm_lead_match_key (
    key bigint NOT NULL,
    lead_id integer NOT NULL REFERENCES crm_lead ON DELETE CASCADE,
    PRIMARY KEY (key, lead_id)
);
CREATE INDEX crm_lead_match_key_lead_id_idx ON crm_lead_match_key (lead_id);
CREATE TABLE crm_lead_match_term (term bigint PRIMARY KEY, count integer NOT NULL);
CREATE TABLE crm_lead_match_queue (
    id bigserial PRIMARY KEY,
    lead_id integer NOT NULL REFERENCES crm_lead ON DELETE CASCADE,
    recheck boolean NOT NULL
);
CREATE INDEX crm_lead_match_queue_lead_id_idx ON crm_lead_match_queue (lead_id);
INSERT INTO crm_lead_match SELECT id, 1, 12, '{"e": ["anna@example.com"]}', '{5, 6}' FROM crm_lead;
INSERT INTO crm_lead_match_key SELECT 7, id FROM crm_lead;
INSERT INTO crm_lead_match_term VALUES (0, 1), (5, 1);
INSERT INTO crm_lead_match_queue (lead_id, recheck) SELECT max(id), false FROM crm_lead;

-- the journal named its leads itself, and did not say of which kind links are
ALTER TABLE crm_lead_merge_link DROP COLUMN kind;
ALTER TABLE crm_lead_merge_line DROP COLUMN lead_id;
ALTER TABLE crm_lead_merge DROP COLUMN parent_id, DROP COLUMN last_frequency_id,
    ADD COLUMN survivor_name varchar, ADD COLUMN merged_names text;
ALTER TABLE crm_lead_merge RENAME COLUMN kept_conflicts TO conflicts;
UPDATE crm_lead_merge SET survivor_name = 'Anna Roux', merged_names = 'Anna Roux';

-- Odoo's own criteria of similar leads came with its rule for the survivor
DELETE FROM ir_config_parameter WHERE key = 'openfire_leads.similar_criteria';
INSERT INTO ir_config_parameter (key, value) VALUES ('openfire_leads.survivor_rule', 'confidence')
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;

UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = 'openfire_leads';
