-- Everything that belongs to the extension, in full, one line an object: two
-- installations are equal when these lines are.
\pset format unaligned
\pset tuples_only on
SET search_path = pg_catalog;
WITH member AS (
	SELECT classid, objid FROM pg_depend
	WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
		AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pghub')
)
SELECT pg_describe_object(classid, objid, 0) || ' | ' || coalesce(obj_description(objid, (SELECT relname FROM pg_class WHERE oid = classid)), '-')
	|| coalesce(' | ' || CASE classid
		WHEN 'pg_proc'::regclass THEN (SELECT CASE WHEN prokind = 'a' THEN (SELECT concat_ws(' ', aggtransfn, aggfinalfn, aggcombinefn, aggserialfn,
				aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalmodify, aggmfinalmodify, aggtranstype::regtype, agginitval, aggminitval)
				FROM pg_aggregate WHERE aggfnoid = objid)
			ELSE pg_get_functiondef(objid) END || concat_ws(' ', provolatile, proparallel, proisstrict, prosecdef, procost, prorows, proacl)
			FROM pg_proc WHERE oid = objid)
		WHEN 'pg_type'::regclass THEN (SELECT concat_ws(' ', typlen, typalign, typstorage, typinput, typoutput, typreceive, typsend, typanalyze, typacl)
			FROM pg_type WHERE oid = objid)
		WHEN 'pg_class'::regclass THEN (SELECT concat_ws(' ', relkind, relacl, CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) END)
			FROM pg_class WHERE oid = objid)
		WHEN 'pg_operator'::regclass THEN (SELECT concat_ws(' ', oprcode, oprcom::regoper, oprnegate::regoper, oprrest, oprjoin, oprcanmerge, oprcanhash)
			FROM pg_operator WHERE oid = objid)
		END, '')
FROM member ORDER BY 1;
