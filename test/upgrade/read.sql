-- What must be the same on the other side, to the bit.
\pset format unaligned
\pset tuples_only on
SELECT g, md5(d::text), md5(df::text), md5(l::text), md5(e::text), md5(c::text), md5(s::text) FROM stored ORDER BY g;
SELECT g, num_items(d), total(d), gini(d), gini_bounds(d), pareto_share(d, 0.01), pareto_share_bounds(d, 0.01), median(d), hhi(d),
	effective_number(d), shannon_entropy(d), theil(d), percentile(d, 0.9), is_exact(d), h_index(d) FROM stored ORDER BY g;
SELECT g, lineage_descendants(l, 'm1'), lineage_info(l) FROM stored WHERE l IS NOT NULL ORDER BY g;
SELECT g, halflife(e), halflife_fit(e), peak_at(e), peak_value(e), time_to_peak(e) FROM stored WHERE e IS NOT NULL ORDER BY g;
SELECT g, counter_at(c, timestamptz '2026-03-01 11:00+00'), counter_delta(c), counter_resets(c) FROM stored WHERE c IS NOT NULL ORDER BY g;
SELECT g, median_survival(s), restricted_mean(s, 30) FROM stored WHERE s IS NOT NULL ORDER BY g;
SELECT md5((rollup(d)::text)) FROM stored;
SELECT * FROM readings ORDER BY g;
SELECT k.g, k.d = s.d FROM kept k JOIN stored s USING (g) ORDER BY 1;
SELECT srvname, ARRAY(SELECT unnest(srvoptions) ORDER BY 1) FROM pg_foreign_server ORDER BY 1;	-- a dump sorts them
SELECT srvname, ARRAY(SELECT unnest(umoptions) ORDER BY 1) FROM pg_user_mappings ORDER BY 1;
SELECT c.relname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'f' GROUP BY 1 ORDER BY 1;
