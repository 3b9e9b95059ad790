-- Rows of a dataset: what goes into the viewer's request and what stays here.
-- EXPLAIN only: nothing listens at the address.
CREATE SERVER viewer FOREIGN DATA WRAPPER hub_fdw OPTIONS (viewer_endpoint 'http://127.0.0.1:1');
CREATE FOREIGN TABLE rows (
	row_idx bigint OPTIONS (feature 'row_idx'),
	id bigint OPTIONS (feature 'int64', not_null 'true'),
	big numeric OPTIONS (feature 'uint64'),
	score double precision OPTIONS (feature 'float32'),
	flag boolean OPTIONS (feature 'bool'),
	name text OPTIONS (feature 'string'),
	label bigint OPTIONS (feature 'ClassLabel'),
	label_name text OPTIONS (column 'label', feature 'ClassLabel', names '["neg", "it''s", "pos", "pos"]'),
	day date OPTIONS (feature 'date32'),
	words text[] OPTIONS (feature 'List(string)'),
	image jsonb OPTIONS (feature 'Image'),
	"quo""te" text OPTIONS (feature 'string'),
	wire text OPTIONS (column 'a.b|c[d]\e', feature 'string'),
	"semi;" text OPTIONS (feature 'string'),
	bare bigint,
	odd text OPTIONS (feature 'int64'),
	truncated_cells text[] OPTIONS (feature 'truncated_cells')
) SERVER viewer OPTIONS (dataset 'ns/na-me.v1', config 'de fault', split 'train');

CREATE FUNCTION request(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	decoded text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
		IF line ~ 'Request' THEN
			-- percent-encoding undone, to be read; what was encoded is between < >
			decoded := line;
			decoded := regexp_replace(decoded, 'dataset=ns%2Fna-me.v1&config=de%20fault&split=train', '…');
			decoded := replace(replace(replace(decoded, '%22', '"'), '%20', ' '), '%27', '''');
			decoded := replace(replace(replace(replace(decoded, '%3D', '='), '%3E', '>'), '%3C', '<'), '%28', '(');
			RETURN NEXT ltrim(replace(decoded, '%29', ')'));
		ELSIF line ~ 'Not Pushed|Sort Key' THEN
			RETURN NEXT ltrim(line);
		END IF;
	END LOOP;
END $$;

-- the bare request
EXPLAIN (VERBOSE, COSTS OFF) SELECT id, name FROM rows;
EXPLAIN (VERBOSE, COSTS OFF) SELECT name FROM rows WHERE id > 5 AND name = 'a&b=c%';

-- comparisons
SELECT request('SELECT 1 FROM rows WHERE id = 5');
SELECT request('SELECT 1 FROM rows WHERE 5 < id AND id <> 7 AND id <= 9::smallint');
SELECT request('SELECT 1 FROM rows WHERE id BETWEEN 5 AND 9');
SELECT request('SELECT 1 FROM rows WHERE id IN (1, 2, NULL)');
SELECT request('SELECT 1 FROM rows WHERE id IS NULL');
SELECT request('SELECT 1 FROM rows WHERE name IS NOT NULL AND flag');
SELECT request('SELECT 1 FROM rows WHERE NOT flag');
SELECT request('SELECT 1 FROM rows WHERE flag IS TRUE');
SELECT request('SELECT 1 FROM rows WHERE flag = false');
SELECT request('SELECT 1 FROM rows WHERE big >= 18446744073709551615');
SELECT request($$SELECT 1 FROM rows WHERE name = 'O''Hara' AND "quo""te" <> '"'$$);
SELECT request($$SELECT 1 FROM rows WHERE wire = 'x'$$);
SELECT request($$SELECT 1 FROM rows WHERE name > 'a' COLLATE "C"$$);
SELECT request($$SELECT 1 FROM rows WHERE name = ANY ('{a,b}')$$);

-- floats: at the width they are stored in, so bounds are loose
SELECT request('SELECT 1 FROM rows WHERE score > 0.1 AND score < 7');
SELECT request('SELECT 1 FROM rows WHERE score = 0.25');

-- labels go by number; several may bear a name, an unknown one matches nothing
SELECT request('SELECT 1 FROM rows WHERE label = 1');
SELECT request($$SELECT 1 FROM rows WHERE label_name = 'it''s'$$);
SELECT request($$SELECT 1 FROM rows WHERE label_name = 'pos'$$);
SELECT request($$SELECT 1 FROM rows WHERE label_name <> 'pos'$$);
SELECT request($$SELECT 1 FROM rows WHERE label_name IN ('neg', 'none')$$);
SELECT request($$SELECT 1 FROM rows WHERE label_name = 'none'$$);
SELECT request('SELECT 1 FROM rows WHERE label_name IS NOT NULL');

-- values known at run time only
PREPARE p (bigint, text, bigint[]) AS SELECT 1 FROM rows WHERE id > $1 AND name = $2 AND id = ANY ($3);
SET plan_cache_mode = force_generic_plan;
SELECT request('EXECUTE p (1, ''x'', ''{1}'')');
RESET plan_cache_mode;
SELECT request('SELECT 1 FROM rows WHERE id = NULL');

-- refused: the value, the type, the condition
SELECT request('SELECT 1 FROM rows WHERE id > -5');
SELECT request('SELECT 1 FROM rows WHERE score > 1e20');
SELECT request('SELECT 1 FROM rows WHERE score > 0.30000000000000004');
SELECT request('SELECT 1 FROM rows WHERE score <> 0.1');
SELECT request('SELECT 1 FROM rows WHERE score IS NULL');
SELECT request('SELECT 1 FROM rows WHERE label_name IS NULL');
SELECT request($$SELECT 1 FROM rows WHERE label_name > 'a'$$);
SELECT request($$SELECT 1 FROM rows WHERE name = 'a;b'$$);
SELECT request($$SELECT 1 FROM rows WHERE name = 'a--b'$$);
SELECT request($$SELECT 1 FROM rows WHERE name = 'a/*b*/'$$);
SELECT request($$SELECT 1 FROM rows WHERE name = E'a\nb'$$);
SELECT request($$SELECT 1 FROM rows WHERE name LIKE 'a%'$$);
SELECT request($$SELECT 1 FROM rows WHERE "semi;" = 'x'$$);
SELECT request('SELECT 1 FROM rows WHERE id = 1 OR id = 2');
SELECT request('SELECT 1 FROM rows WHERE id = 1 OR flag');
SELECT request('SELECT 1 FROM rows WHERE id NOT IN (1, 2)');
SELECT request('SELECT 1 FROM rows WHERE id + 1 = 2');
SELECT request('SELECT 1 FROM rows WHERE id = label');
SELECT request('SELECT 1 FROM rows WHERE id > random() * 5');
SELECT request($$SELECT 1 FROM rows WHERE day = '2020-01-01'$$);
SELECT request($$SELECT 1 FROM rows WHERE words @> '{a}'$$);
SELECT request('SELECT 1 FROM rows WHERE bare = 1');
SELECT request($$SELECT 1 FROM rows WHERE odd = '1'$$);
SELECT request($$SELECT 1 FROM rows WHERE image->>'src' = 'x'$$);

-- order: one column without nulls, under a LIMIT of one page
SELECT request('SELECT 1 FROM rows ORDER BY id LIMIT 5');
SELECT request('SELECT 1 FROM rows ORDER BY id DESC LIMIT 5');
SELECT request('SELECT 1 FROM rows WHERE id > 5 AND name = ''x'' ORDER BY id DESC LIMIT 5 OFFSET 7');
SELECT request('SELECT 1 FROM rows WHERE name IS NOT NULL ORDER BY name COLLATE "C" LIMIT 5');
SELECT request('SELECT 1 FROM rows ORDER BY row_idx');
SELECT request('SELECT 1 FROM rows WHERE flag ORDER BY row_idx LIMIT 5');
-- and refused: nulls, no limit, a large one, two columns, downwards by row_idx, a condition that stays here
SELECT request('SELECT 1 FROM rows ORDER BY name LIMIT 5');
SELECT request('SELECT 1 FROM rows ORDER BY id');
SELECT request('SELECT 1 FROM rows ORDER BY id LIMIT 101');
SELECT request('SELECT 1 FROM rows ORDER BY id, flag LIMIT 5');
SELECT request('SELECT 1 FROM rows ORDER BY row_idx DESC LIMIT 5');
SELECT request('SELECT 1 FROM rows WHERE id > -5 ORDER BY id LIMIT 5');
SELECT request('SELECT 1 FROM rows ORDER BY label_name LIMIT 5');

-- limit: the size of the page, where nothing is dropped afterwards
SELECT request('SELECT 1 FROM rows LIMIT 5');
SELECT request('SELECT 1 FROM rows LIMIT 5 OFFSET 20');
SELECT request('SELECT 1 FROM rows WHERE id > 5 LIMIT 5');
SELECT request('SELECT 1 FROM rows LIMIT 500');

-- without a filter in the viewer all is local
ALTER FOREIGN TABLE rows OPTIONS (ADD filter 'false');
SELECT request('SELECT 1 FROM rows WHERE id = 5 ORDER BY id LIMIT 5');
ALTER FOREIGN TABLE rows OPTIONS (DROP filter);

-- options
ALTER FOREIGN TABLE rows OPTIONS (ADD truncated 'no');
ALTER FOREIGN TABLE rows OPTIONS (ADD partial 'yes');
ALTER FOREIGN TABLE rows OPTIONS (SET dataset 'a/b/c');
ALTER FOREIGN TABLE rows OPTIONS (SET dataset '');
ALTER FOREIGN TABLE rows OPTIONS (ADD resource 'models');
SELECT * FROM rows;
ALTER FOREIGN TABLE rows OPTIONS (DROP resource);
ALTER FOREIGN TABLE rows ALTER COLUMN label_name OPTIONS (SET names 'neg,pos');
SELECT label_name FROM rows;
IMPORT FOREIGN SCHEMA dataset FROM SERVER viewer INTO public;
IMPORT FOREIGN SCHEMA dataset FROM SERVER viewer INTO public OPTIONS (dataset 'a/b', page '5');
IMPORT FOREIGN SCHEMA squad FROM SERVER viewer INTO public;

DROP FUNCTION request(text);
DROP SERVER viewer CASCADE;
