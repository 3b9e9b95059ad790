-- comments of imported tables

CREATE FUNCTION hub_catalogue(OUT resource text, OUT column_name text, OUT description text) RETURNS SETOF record
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'hub_catalogue';
COMMENT ON FUNCTION hub_catalogue() IS 'tables of the Hub that IMPORT FOREIGN SCHEMA hub makes, and their columns; column_name is NULL for the table itself';

CREATE FUNCTION hub_comment_imported() RETURNS event_trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	one record;
BEGIN
	FOR one IN
		WITH imported AS (
			SELECT t.ftrelid, t.ftrelid::regclass AS place,
				(SELECT option_value FROM pg_options_to_table(t.ftoptions) WHERE option_name = 'resource') AS resource,
				(SELECT option_value FROM pg_options_to_table(t.ftoptions) WHERE option_name = 'dataset') AS dataset,
				(SELECT option_value FROM pg_options_to_table(t.ftoptions) WHERE option_name = 'config') AS config,
				(SELECT option_value FROM pg_options_to_table(t.ftoptions) WHERE option_name = 'split') AS split
			FROM pg_event_trigger_ddl_commands() d
				JOIN pg_foreign_table t ON t.ftrelid = d.objid
				JOIN pg_foreign_server s ON s.oid = t.ftserver
				JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw AND w.fdwname = 'hub_fdw'
			WHERE d.object_type = 'foreign table')
		SELECT i.place, c.column_name, c.description
		FROM imported i JOIN @extschema@.hub_catalogue() c USING (resource)
		UNION ALL
		SELECT i.place, NULL, format('Rows of dataset %s, config %s, split %s', i.dataset, i.config, i.split)
		FROM imported i WHERE i.dataset IS NOT NULL
	LOOP
		IF one.column_name IS NULL THEN
			EXECUTE format('COMMENT ON FOREIGN TABLE %s IS %L', one.place, one.description);
		ELSE
			EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', one.place, one.column_name, one.description);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION hub_comment_imported() IS 'puts the comments of the catalogue on tables that IMPORT FOREIGN SCHEMA made';

CREATE EVENT TRIGGER hub_comment_imported ON ddl_command_end
	WHEN TAG IN ('IMPORT FOREIGN SCHEMA')
	EXECUTE FUNCTION hub_comment_imported();
COMMENT ON EVENT TRIGGER hub_comment_imported IS 'comments on imported tables of the Hub';
