-- Tables from outside the Hub that some items need. The rows are a small
-- made-up sample, so that the queries run; put real ones in their place with
-- \copy. Each comment says what belongs there.
CREATE TABLE users_total (at date PRIMARY KEY, users bigint NOT NULL);
COMMENT ON TABLE users_total IS 'accounts of the Hub at a date, as published (item 1); sample rows are made up';
INSERT INTO users_total VALUES ('2023-12-31', 3100000), ('2024-12-31', 5900000), ('2025-12-31', 11000000);

CREATE TABLE fortune500 (year integer, rank integer, company text, namespaces text[], PRIMARY KEY (year, rank));
COMMENT ON TABLE fortune500 IS 'companies of the list and their namespaces on the Hub (item 9); sample rows are made up';
INSERT INTO fortune500 VALUES (2025, 1, 'Example Retail', '{}'), (2025, 2, 'Microsoft', '{microsoft}'),
	(2025, 3, 'NVIDIA', '{nvidia}'), (2025, 4, 'Meta', '{facebook,meta-llama}'), (2025, 5, 'Example Energy', '{}'),
	(2025, 6, 'Google', '{google}'), (2025, 7, 'Example Insurance', '{}'), (2025, 8, 'Example Pharma', '{example-pharma}'),
	(2025, 9, 'Example Foods', '{}'), (2025, 10, 'Example Air', '{}');

CREATE TABLE plan_history (at date, namespace text, plan text, PRIMARY KEY (at, namespace));
COMMENT ON TABLE plan_history IS 'subscription of an organization at a date (item 10); sample rows are made up';
INSERT INTO plan_history VALUES ('2024-12-31', 'nvidia', 'team'), ('2025-12-31', 'nvidia', 'enterprise'),
	('2024-12-31', 'upstage', 'free'), ('2025-12-31', 'upstage', 'team'), ('2024-12-31', 'mistralai', 'team'),
	('2025-12-31', 'mistralai', 'enterprise'), ('2024-12-31', 'allenai', 'team'), ('2025-12-31', 'allenai', 'team');

CREATE TABLE value_estimate (project text PRIMARY KEY, production_cost double precision, downstream_value double precision, source text);
COMMENT ON TABLE value_estimate IS 'cost to produce and value to users, US dollars, with the study it is from (item 12); sample rows are made up';
INSERT INTO value_estimate VALUES ('library a', 1.2e6, 3.1e9, 'made up'), ('library b', 4.0e5, 9.0e7, 'made up'), ('model c', 5.6e6, 2.2e9, 'made up');

CREATE TABLE downloads_by_region (developer text, downloader text, downloads bigint, PRIMARY KEY (developer, downloader));
COMMENT ON TABLE downloads_by_region IS 'downloads by region of developer and of downloader (item 31); the Hub does not publish it, sample rows are made up';
INSERT INTO downloads_by_region VALUES ('US', 'US', 520), ('US', 'CN', 90), ('US', 'EU', 240), ('CN', 'US', 180), ('CN', 'CN', 410),
	('CN', 'EU', 150), ('EU', 'US', 70), ('EU', 'CN', 25), ('EU', 'EU', 130);

CREATE TABLE price (model text PRIMARY KEY, open boolean, quality double precision, usd_per_million_tokens double precision);
COMMENT ON TABLE price IS 'price and quality score of hosted models (item 47); sample rows are made up';
INSERT INTO price VALUES ('flagship one', false, 71, 30), ('flagship two', false, 69, 15), ('open a', true, 68, 1.1),
	('open b', true, 62, 0.3), ('open c', true, 55, 0.06), ('open d', true, 41, 0.02), ('closed small', false, 52, 0.6);

CREATE TABLE dataset_fact (dataset text, fact text, value bigint, PRIMARY KEY (dataset, fact));
COMMENT ON TABLE dataset_fact IS 'figures stated in dataset cards (item 51)';
INSERT INTO dataset_fact VALUES ('RoboMIND', 'trajectories', 107000), ('RoboMIND', 'tasks', 479);

CREATE TABLE repository_stars (repository text, at date, stars bigint, PRIMARY KEY (repository, at));
COMMENT ON TABLE repository_stars IS 'stars of a code repository at a date (item 52); sample rows are made up';
INSERT INTO repository_stars VALUES ('lerobot', '2025-02-28', 7400), ('lerobot', '2025-08-31', 15200), ('lerobot', '2026-02-28', 21800);

CREATE TABLE org_member (namespace text, username text, PRIMARY KEY (namespace, username));
COMMENT ON TABLE org_member IS 'members of organizations (item 54), as hub.organization_members has them of one at a time; sample rows are made up';
INSERT INTO org_member SELECT 'institution-' || i % 40, 'user-individual-' || i FROM generate_series(0, 1999, 3) i;
