-- For simulated data: the tables of a synced schema, as the sync defines them
-- (without its partitions and indexes; fortune500 is
-- one of the input tables).
DO $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT * FROM public.hub_sync_relations() WHERE form <> 'foreign' AND relation <> 'fortune500' LOOP
		EXECUTE format('CREATE TABLE %I (%s)', r.relation, array_to_string(r.columns, ', '));
	END LOOP;
END $$;
