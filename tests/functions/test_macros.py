"""The macros over the SQL functions, which every store brings: engine/macros.c."""
import pytest

from shop import ROOT, Shop, patron

MODELS = ["pareto_nbd", "bg_nbd", "mbg_nbd"]
SCORES = ["p_alive", "p_buys", "purchases", "residual", "low", "high"]

STATES = f"""WITH cdnow AS (
    SELECT frequency, recency_days AS recency, age_days AS age, sum(customers)::BIGINT AS customers
    FROM read_csv('{ROOT}/tests/reference/cdnow_sample_states.csv') GROUP BY ALL
), people AS (
    SELECT row_number() OVER (ORDER BY frequency, recency, age, copy) AS who, * EXCLUDE (customers) FROM cdnow, range(customers) AS copies(copy)
), published AS (
    SELECT 'p' || who AS person_id, frequency, recency AS recency_days, age AS age_days FROM people
    UNION ALL SELECT 'without a purchase', NULL, NULL, NULL
)
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    made = Shop(tmp_path_factory.mktemp("macros") / "shop").ledger("a,2024-01-09,10", "a,2024-02-11,12", "b,2024-01-20,9",
                                                                   "b,2024-02-01,3", "b,2024-03-09,8", "c,2024-01-30,4")
    made.build()
    return made


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("prior", ["weak", "none"])
def test_model_of_is_the_fit_of_the_table(shop, model, prior):
    (fit,) = shop.rows(f"{STATES} SELECT unnest({model}_fit(frequency, recency, age, customers, '{prior}')) FROM cdnow")
    for table in "cdnow", "people", "published":
        assert shop.rows(f"{STATES} FROM {model}_model_of('{table}', prior := '{prior}')") == [fit]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("table, times, key", [("cdnow", "recency, age", "frequency, recency, age"), ("people", "recency, age", "who"),
                                               ("published", "recency_days, age_days", "person_id")])
@pytest.mark.parametrize("options, asked", [("", "365, 0.0003, 0.8"), (", horizon := 90, discount := 0.001, chance := 0.5", "90, 0.001, 0.5")])
def test_scores_of_keeps_the_rows_and_adds_the_scores(shop, model, table, times, key, options, asked):
    plain = (f"SELECT {table}.*, unnest({model}_scores(fit, frequency, {times}, {asked}))"
             f" FROM {table}, (SELECT {model}_fit(frequency, recency, age, customers) AS fit FROM cdnow)")
    differences = ", ".join(f"max(abs(a.{score} / b.{score} - 1))" for score in SCORES[:4])
    (compared,) = shop.rows(f"{STATES} SELECT (SELECT count(*) FROM {table}) AS given, (SELECT count(frequency) FROM {table}) AS with_purchases,"
                            " count(*) AS rows, count(a.p_alive) AS scored, count(*) FILTER (a.low <> b.low OR a.high <> b.high) AS other_counts,"
                            f" greatest({differences}) AS difference FROM {model}_scores_of('{table}'{options}) AS a JOIN ({plain}) AS b USING ({key})")
    assert compared["rows"] == compared["given"] and compared["scored"] == compared["with_purchases"]
    assert compared["other_counts"] == 0 and compared["difference"] < 1e-12
    (row,) = shop.rows(f"{STATES} FROM {model}_scores_of('{table}'{options}) LIMIT 1")
    assert list(row) == [*shop.rows(f"{STATES} FROM {table} LIMIT 1")[0], *SCORES]


def test_one_state_has_one_score(shop):
    assert shop.value(f"{STATES} SELECT max(scores) FROM (SELECT count(DISTINCT p_alive) AS scores FROM pareto_nbd_scores_of('people')"
                      " GROUP BY frequency, recency, age)") == 1


def test_forecast_scores_by_name(shop):
    columns = "who, purchases, residual"
    for model in MODELS:
        assert shop.rows(f"{STATES} SELECT {columns} FROM forecast_scores('people', model := '{model}', horizon := 90) ORDER BY who") == \
            shop.rows(f"{STATES} SELECT {columns} FROM {model}_scores_of('people', horizon := 90) ORDER BY who")
    assert shop.rows(f"{STATES} SELECT {columns} FROM forecast_scores('people') ORDER BY who") == \
        shop.rows(f"{STATES} SELECT {columns} FROM pareto_nbd_scores_of('people') ORDER BY who")


def test_published_tables_are_such_tables(shop):
    assert shop.value("SELECT count(p_alive) FROM pareto_nbd_scores_of('states')") == 3
    assert shop.value("SELECT count(p_buys) FROM forecast_scores('customers', model := 'bg_nbd')") == 3
    assert shop.value("SELECT customers FROM pareto_nbd_model_of('customers')") == 3


def test_an_empty_table(shop):
    nobody = STATES + ", nobody AS (FROM cdnow WHERE age < 0) "
    assert shop.rows(nobody + "FROM pareto_nbd_scores_of('nobody')") == []
    assert shop.rows(nobody + "FROM forecast_scores('nobody', model := 'bg_nbd')") == []


@pytest.mark.parametrize("statement, words", [
    ("FROM forecast_scores('states', model := 'nbd')", "forecast_scores: model 'nbd'; there are pareto_nbd, bg_nbd, mbg_nbd"),
    ("FROM pareto_nbd_scores_of('states', prior := 'strong')", "pareto_nbd_fit: prior 'strong'"),
    ("FROM pareto_nbd_scores_of('states', horizon := 0)", "pareto_nbd_scores: horizon 0"),
    ("FROM pareto_nbd_model_of('nowhere')", "nowhere"),
    ("FROM pareto_nbd_model_of('runs')", "recency"),
])
def test_what_a_macro_cannot_do_is_said(shop, statement, words):
    run = patron("sql", shop.folder, statement)
    assert run.returncode == 1 and words in run.stderr
