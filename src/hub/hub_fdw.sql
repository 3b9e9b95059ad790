-- hub_fdw: the Hub as foreign tables

CREATE FUNCTION hub_fdw_handler() RETURNS fdw_handler
LANGUAGE c AS 'MODULE_PATHNAME', 'hub_fdw_handler';
COMMENT ON FUNCTION hub_fdw_handler() IS 'callbacks of hub_fdw';

CREATE FUNCTION hub_fdw_validator(text[], oid) RETURNS void
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'hub_fdw_validator';
COMMENT ON FUNCTION hub_fdw_validator(text[], oid) IS 'checks options of hub_fdw';

CREATE FOREIGN DATA WRAPPER hub_fdw HANDLER hub_fdw_handler VALIDATOR hub_fdw_validator;
COMMENT ON FOREIGN DATA WRAPPER hub_fdw IS 'the Hugging Face Hub: models, datasets, spaces, papers and more as tables';
