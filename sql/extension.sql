-- The extension is there (pg_regress created it), once.
SELECT extname, extversion FROM pg_extension WHERE extname = 'pghub';
