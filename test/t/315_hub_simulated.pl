# The simulated Hub has the published proportions, is the same for the same
# seed, and starts fast enough at 100,000 models because it is kept.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = "$ENV{PGHUB_TOP}/test/hub";
my ($out, $err) = run_command([ 'timeout', '100', 'python3', '-c', <<'PYTHON', $dir ]);
import json, sys, tempfile, os
sys.path.insert(0, sys.argv[1])
import simulate
rows = simulate.models(20000, 5)
lifetime = sorted((r["downloadsAllTime"] for r in rows), reverse=True)
total = sum(lifetime)
with_parent = [r for r in rows if "baseModels" in r]
mix = {}
for r in with_parent:
    relation = r["baseModels"]["relation"]
    mix[relation] = mix.get(relation, 0) + 1 / len(with_parent)
folder = tempfile.mkdtemp()
made = []
def make():
    made.append(1)
    return simulate.models(100, 5)
first, again = simulate.kept("m", make, folder), simulate.kept("m", make, folder)
listed = simulate.papers(400, 5, simulate.owner_names(50))
print(json.dumps({
    "zero": sum(d == 0 for d in lifetime) / len(rows),
    "below200": sum(d < 200 for d in lifetime) / len(rows),
    "median": lifetime[len(lifetime) // 2],
    "top": sum(lifetime[:2]) / total,
    "lately": sum(r["downloads"] > 0 for r in rows) / len(rows),
    "parent": len(with_parent) / len(rows),
    "mix": mix,
    "same": first == again == simulate.models(100, 5), "made": len(made),
    "unique": len({r["id"] for r in rows}) == len(rows) == len({r["_id"] for r in rows}),
    "months": sorted({r["createdAt"][:4] for r in rows}),
    "weekends": sum(__import__("datetime").date.fromisoformat(p["paper"]["submittedOnDailyAt"][:10]).weekday() > 4 for p in listed),
    "first_list": min(p["paper"]["submittedOnDailyAt"] for p in listed)[:10],
}))
PYTHON
is($err, '', 'no complaint');
require JSON::PP;
my $seen = JSON::PP::decode_json($out);
sub near { my ($name, $value, $want, $by) = @_; return cmp_ok(abs($value - $want), '<=', $by, "$name: $value, published $want") }

near('models without any download', $seen->{zero}, 0.403, 0.005);
cmp_ok($seen->{below200}, '>', 0.5, "half of the models and more have fewer than 200 downloads ($seen->{below200})");
near('median of lifetime downloads', $seen->{median}, 19, 3);
near('share of the top 0.01 %', $seen->{top}, 0.496, 0.01);
near('downloaded in the last 30 days', $seen->{lately}, 0.355, 0.02);
near('with a declared parent', $seen->{parent}, 0.28, 0.02);
near('adapters among children', $seen->{mix}{adapter}, 0.426, 0.03);
near('finetunes among children', $seen->{mix}{finetune}, 0.359, 0.03);
near('quantized among children', $seen->{mix}{quantized}, 0.192, 0.03);
near('merges among children', $seen->{mix}{merge}, 0.023, 0.02);
ok($seen->{same} && $seen->{made} == 1, 'the same seed gives the same Hub, made once and kept');
ok($seen->{unique}, 'names and identifiers are unique');
is("@{ $seen->{months} }", '2022 2023 2024 2025 2026', 'created from the first day that the Hub records');
is($seen->{weekends}, 0, 'no list on a weekend');
is($seen->{first_list}, '2023-05-04', 'the first daily list is there');
done_testing();
