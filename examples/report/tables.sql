-- For simulated data: the tables of a synced schema, as the sync defines them
-- (without its partitions and indexes), and the reference table org.
DO $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT * FROM public.hub_sync_relations() WHERE form <> 'foreign' LOOP
		EXECUTE format('CREATE TABLE %I (%s)', r.relation, array_to_string(r.columns, ', '));
	END LOOP;
END $$;
CREATE TABLE org (namespace text PRIMARY KEY, parent text, kind text, country text, verified boolean);
