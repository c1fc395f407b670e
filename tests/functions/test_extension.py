"""patron.duckdb_extension in Python's DuckDB, in the versions that script/fetch_python_duckdb brings, and in patron itself.

A question is one SELECT, asked of each DuckDB and of `patron sql`. Tests read the answers of one of them; the last tests say
that all gave the same, to the last digit.
"""
import functools
import json
import math
import os
import pathlib
import subprocess

import pytest

from shop import ROOT, Shop, patron

EXTENSION = pathlib.Path(os.environ.get("PATRON_EXTENSION") or ROOT / "build" / "patron.duckdb_extension").resolve()
VERSIONS = ["1.5.5", "2.0.0"]
MODELS = {"pareto_nbd": ["r", "alpha", "s", "beta"], "bg_nbd": ["r", "alpha", "a", "b"], "mbg_nbd": ["r", "alpha", "a", "b"]}
PLAUSIBLE = {"pareto_nbd": "{'r': 0.55, 'alpha': 74.0, 's': 0.61, 'beta': 82.0}",
             "bg_nbd": "{'r': 0.24, 'alpha': 31.0, 'a': 0.79, 'b': 2.43}",
             "mbg_nbd": "{'r': 0.53, 'alpha': 43.0, 'a': 0.6, 'b': 1.5}"}
SCORES = {"p_alive": "", "p_buys": ", 273", "expected_purchases": ", 273", "residual": ", 0.0003", "interval": ", 273, 0.8",
          "scores": ", 273, 0.0003, 0.8"}

# What every question may read: CDNOW's states in days, and days of buying that no order explains.
PRELUDE = f"""WITH cdnow AS (
    SELECT frequency, recency_days AS recency, age_days AS age, sum(customers)::BIGINT AS customers
    FROM read_csv('{ROOT}/tests/reference/cdnow_sample_states.csv') GROUP BY ALL ORDER BY ALL
), people AS (
    SELECT frequency, recency, age, age % 3 AS cohort FROM cdnow, range(customers) ORDER BY (frequency * 31 + recency * 17 + age * 7) % 101
), spend AS (
    SELECT repeat_days AS purchases, dollars::DOUBLE / repeat_days AS mean
    FROM read_csv('{ROOT}/tests/reference/cdnow_sample_spend.csv'), range(customers) WHERE dollars > 0
), bought AS (
    SELECT (i * i % 97)::INTEGER AS person, DATE '2020-01-01' + ((i * 7919 + i * i % 1009 * 31) % 700)::INTEGER AS day
    FROM range(4000) AS numbers(i)
)
"""

QUESTIONS = {}


def ask(sql):
    """A question; its handle gives the answer."""
    handle = f"{len(QUESTIONS)}: {sql}"
    QUESTIONS[handle] = PRELUDE + sql
    return handle


def put(version, questions):
    """Puts questions to one DuckDB, one after the other on one connection."""
    python = ROOT / "third_party" / f".venv-duckdb-{version}" / "bin" / "python"
    assert python.exists(), f"no Python with DuckDB {version}: run script/fetch_python_duckdb"
    assert EXTENSION.exists(), f"no {EXTENSION}: build it, or set PATRON_EXTENSION"
    run = subprocess.run([python, "-I", ROOT / "tests/functions/answer.py"], capture_output=True, encoding="utf-8", timeout=300,
                         check=False, input=json.dumps({"extension": str(EXTENSION), "questions": questions}))
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["version"] == version
    return told["answers"]


@functools.lru_cache
def answers_of(version):
    return put(version, QUESTIONS)


class Answers:
    def __init__(self, version):
        self.all = answers_of(version)

    def rows(self, handle):
        assert "rows" in self.all[handle], f"{handle}\n{self.all[handle].get('error')}"
        return self.all[handle]["rows"]

    def value(self, handle):
        (row,) = self.rows(handle)
        (value,) = row
        return value

    def error(self, handle):
        assert "error" in self.all[handle], f"no error: {handle}\n{self.all[handle].get('rows')}"
        return self.all[handle]["error"]


@pytest.fixture(params=VERSIONS)
def told(request):
    return Answers(request.param)


def near(value, printed, decimals):
    """Rounds to what was printed, within half a unit of its last decimal."""
    return abs(value - printed) <= 0.5 * 10**-decimals + 1e-9


# ---- fits ----

FIT = {(model, prior): ask(f"SELECT {model}_fit(frequency, recency, age, customers, '{prior}') FROM cdnow")
       for model in MODELS for prior in ("weak", "none")}
PURCHASES = ask("SELECT sum(frequency * customers)::DOUBLE FROM cdnow")
DISTINCT = ask("SELECT count(*) FROM cdnow")

# Weeks, plain maximum likelihood, the sample of 2,357 customers. Fader, Hardie & Lee (2005), Marketing Science 24(2), to the
# three decimals they print; more digits, and MBG/NBD, by lifetimes, BTYD and a plain search in double precision.
PUBLISHED = {"pareto_nbd": ((.553, 10.578, .606, 11.669), -9595.0), "bg_nbd": ((.243, 4.414, .793, 2.426), -9582.4),
             "mbg_nbd": ((.525, 6.183, .891, 1.614), -9582.1)}


@pytest.mark.parametrize("model", MODELS)
def test_cdnow_as_published(told, model):
    fit = told.value(FIT[model, "none"])
    names = MODELS[model]
    weeks = [fit[name] / (7 if name in ("alpha", "beta") else 1) for name in names]
    parameters, log_likelihood = PUBLISHED[model]
    assert all(near(found, printed, 3) for found, printed in zip(weeks, parameters)), weeks
    assert near(fit["log_likelihood"] + math.log(7) * told.value(PURCHASES), log_likelihood, 1)
    assert (fit["status"], fit["limit"], fit["reason"]) == ("interior", None, None)
    assert (fit["customers"], fit["states"]) == (2357, told.value(DISTINCT))
    assert list(fit) == ["status", "limit", *names, "log_likelihood", "customers", "states", "iterations", "reason"]


def test_more_digits_of_cdnow(told):
    fit = told.value(FIT["pareto_nbd", "none"])
    weeks = (fit["r"], fit["alpha"] / 7, fit["s"], fit["beta"] / 7)
    for found, known, decimals in zip(weeks, (.55328, 10.57768, .60624, 11.66874), (5, 5, 5, 5)):
        assert near(found, known, decimals), weeks
    assert near(fit["log_likelihood"] + math.log(7) * told.value(PURCHASES), -9594.976, 3)
    fit = told.value(FIT["bg_nbd", "none"])
    weeks = (fit["r"], fit["alpha"] / 7, fit["a"], fit["b"])
    for found, known, decimals in zip(weeks, (.24259, 4.4136, .79292, 2.4259), (5, 4, 5, 4)):
        assert near(found, known, decimals), weeks


AS_PEOPLE = {model: ask(f"SELECT {model}_fit(frequency, recency, age, 1, 'none') FROM people") for model in MODELS}
WITHOUT = {model: ask(f"SELECT {model}_fit(frequency, recency, age), {model}_fit(frequency, recency, age, 1),"
                      f" {model}_fit(frequency, recency, age, 1, 'weak') FROM people") for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_customers_or_states_are_the_same_bits(told, model):
    assert told.value(AS_PEOPLE[model]) == told.value(FIT[model, "none"])
    assert told.rows(WITHOUT[model]) == [[told.value(FIT[model, "weak"])] * 3]


@pytest.mark.parametrize("model", MODELS)
def test_the_weak_prior_moves_a_large_base_little(told, model):
    weak, none = told.value(FIT[model, "weak"]), told.value(FIT[model, "none"])
    assert none["log_likelihood"] - 0.05 < weak["log_likelihood"] < none["log_likelihood"]


WITH_NULLS = ask("SELECT pareto_nbd_fit(CASE WHEN hole <> 1 THEN frequency END, CASE WHEN hole <> 2 THEN recency END,"
                 " CASE WHEN hole <> 3 THEN age END, CASE WHEN hole <> 4 THEN customers END, CASE WHEN hole <> 5 THEN 'none' END)"
                 " FROM (SELECT * FROM cdnow, range(6) AS holes(hole))")
NOBODY = {model: ask(f"SELECT fit IS NULL, fit.status, fit.{MODELS[model][0]}, fit.customers"
                     f" FROM (SELECT {model}_fit(frequency, recency, age) AS fit FROM people WHERE age < 0)") for model in MODELS}
ALL_NULL = ask("SELECT pareto_nbd_fit(NULL::INTEGER, recency, age) FROM people")


def test_rows_with_a_null_are_passed_over(told):
    assert told.value(WITH_NULLS) == told.value(FIT["pareto_nbd", "none"])
    assert told.value(ALL_NULL) is None


@pytest.mark.parametrize("model", MODELS)
def test_nobody_is_null_in_every_field(told, model):
    assert told.rows(NOBODY[model]) == [[True, None, None, None]]


FAILED = {model: ask(f"SELECT fit, {model}_p_alive(fit, 1, 1, 2), {model}_scores(fit, 1, 1, 2, 30, 0.001, 0.5)"
                     f" FROM (SELECT {model}_fit(0, 0, 0) AS fit FROM range(5))") for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_a_fit_that_fails_says_so_and_scores_nothing(told, model):
    (fit, p_alive, scores), = told.rows(FAILED[model])
    assert fit["status"] == "failed" and fit["limit"] is None and "nobody was observed for any time" in fit["reason"]
    assert [fit[name] for name in MODELS[model]] == [None] * 4 and fit["log_likelihood"] is None
    assert (fit["customers"], fit["states"]) == (5, 1)
    assert p_alive is None and scores is None


BOUNDARY = ask("SELECT pareto_nbd_fit(i % 7, CASE WHEN i % 7 = 0 THEN 0 ELSE i % 90 + 1 END, 100 + i % 50) FROM range(20000) AS r(i)")


def test_a_fit_at_a_boundary_names_its_limit(told):
    fit = told.value(BOUNDARY)
    assert fit["status"] == "boundary" and fit["limit"] and fit["r"] > 0 and fit["reason"] is None


BAD_STATES = {ask(f"SELECT pareto_nbd_fit({state}) FROM range(3)"): words for state, words in {
    "-1, 0, 9": "frequency -1, recency 0, age 9: frequency is a whole number from 0 to 1000000",
    "1.5, 1, 9": "frequency is a whole number",
    "1000001, 1, 9": "frequency is a whole number",
    "'nan'::DOUBLE, 1, 9": "frequency is a whole number",
    "2, 40, 38": "frequency 2, recency 40, age 38: recency lies between 0 and age",
    "2, -1, 38": "recency lies between 0 and age",
    "2, 1, 'inf'::DOUBLE": "age is a finite number",
    "0, 4, 38": "recency is 0 when there was no purchase after the first",
    "2, 0, 38": "recency is above 0 when there were purchases after the first",
    "2, 4, 38, 0": "customers 0: a finite number above 0 was expected",
    "2, 4, 38, 'inf'::DOUBLE": "customers inf",
    "2, 4, 38, 1, 'strong'": "prior 'strong': 'weak' or 'none' was expected",
    "2, 4, 38, 1, ''": "prior '': 'weak' or 'none' was expected",
    f"2, 4, 38, 1, '{'x' * 90}'": f"prior '{'x' * 40}'",
}.items()}
MIXED_IN_THREADS = ask("SELECT pareto_nbd_fit(2, 4, 38, 1, prior) FROM (SELECT 'weak' AS prior FROM range(100000)"
                       " UNION ALL SELECT 'none' FROM range(100000))")
MIXED_PRIOR = ask("SELECT pareto_nbd_fit(2, 4, 38, 1, CASE WHEN i % 2 = 0 THEN 'weak' ELSE 'none' END) FROM range(10) AS r(i)")


@pytest.mark.parametrize("handle", BAD_STATES)
def test_what_is_no_state_is_an_error_that_says_why(told, handle):
    assert "pareto_nbd_fit: " in told.error(handle) and BAD_STATES[handle] in told.error(handle)


def test_one_fit_has_one_prior(told):
    assert "pareto_nbd_fit: the prior differs between rows" in told.error(MIXED_PRIOR)
    assert "pareto_nbd_fit: the prior differs between rows" in told.error(MIXED_IN_THREADS)


# ---- groups ----

BY_COHORT = ask("SELECT cohort, bg_nbd_fit(frequency, recency, age) FROM people GROUP BY cohort ORDER BY cohort")
FILTERED = ask("SELECT bg_nbd_fit(frequency, recency, age) FILTER (cohort = 0), bg_nbd_fit(frequency, recency, age) FILTER (cohort = 1),"
               " bg_nbd_fit(frequency, recency, age) FILTER (cohort = 2), bg_nbd_fit(frequency, recency, age) FILTER (cohort = 3),"
               " bg_nbd_fit(frequency, recency, age) FROM people")
ROLLUP = ask("SELECT cohort, bg_nbd_fit(frequency, recency, age) FROM people GROUP BY ROLLUP (cohort) ORDER BY cohort NULLS LAST")
EMPTY_GROUPS = ask("SELECT cohort, bg_nbd_fit(frequency, recency, age) FILTER (cohort > 1) IS NULL FROM people GROUP BY ALL ORDER BY ALL")
NO_GROUPS = ask("SELECT cohort, bg_nbd_fit(frequency, recency, age) FROM people WHERE age < 0 GROUP BY cohort")
MANY_GROUPS = ask("SELECT count(*), count(fit), min(fit.customers), max(fit.customers), count(DISTINCT fit.log_likelihood) FROM ("
                  "SELECT g, bg_nbd_fit(frequency, recency, age) AS fit FROM (SELECT * FROM cdnow WHERE age < 200), range(100) AS r(g) GROUP BY g)")
RUNNING = ask("SELECT age, fit FROM (SELECT age, bg_nbd_fit(frequency, recency, age, customers) OVER (ORDER BY age) AS fit FROM cdnow)"
              " GROUP BY age, fit ORDER BY age")
UP_TO = ask("SELECT days.age, bg_nbd_fit(frequency, recency, cdnow.age, customers) FROM (SELECT DISTINCT age FROM cdnow) AS days"
            " JOIN cdnow ON cdnow.age <= days.age GROUP BY days.age ORDER BY days.age")


def test_fits_by_group_filter_and_rollup_agree(told):
    groups = told.rows(BY_COHORT)
    (*filtered, nobody, everyone), = told.rows(FILTERED)
    assert [cohort for cohort, _ in groups] == [0, 1, 2]
    assert [fit for _, fit in groups] == filtered and nobody is None
    assert told.rows(ROLLUP) == [*groups, [None, everyone]]
    assert len({json.dumps(fit) for fit in [*filtered, everyone]}) == 4


def test_groups_without_rows(told):
    assert told.rows(EMPTY_GROUPS) == [[0, True], [1, True], [2, False]]
    assert told.rows(NO_GROUPS) == []


def test_many_groups(told):
    (groups, fits, least, most, different), = told.rows(MANY_GROUPS)
    assert groups == fits == 100 and least == most and different == 1


def test_running_windows(told):
    assert told.rows(RUNNING) == told.rows(UP_TO)


# ---- scores ----

def scored(model, function, params="params", state="frequency, recency, age"):
    return f"{model}_{function}({params}, {state}{SCORES[function]})"


FUTURE = {model: ask(f"SELECT {', '.join(scored(model, function) for function in SCORES)}, customers"
                     f" FROM cdnow, (SELECT {model}_fit(frequency, recency, age, customers, 'none') AS params FROM cdnow)") for model in MODELS}
BY_HAND = {model: ask("SELECT " + ", ".join(scored(model, function, f"{{{', '.join(f'{name!r}: params.{name}' for name in MODELS[model])}}}")
                                            for function in SCORES) +
                      f", customers FROM cdnow, (SELECT {model}_fit(frequency, recency, age, customers, 'none') AS params FROM cdnow)")
           for model in MODELS}
# Purchases within 273 days of all 2,357 customers, by lifetimes 0.11 from the parameters above.
HOLDOUT = {"pareto_nbd": 1665.5, "bg_nbd": 1653.4, "mbg_nbd": 1576.7}


@pytest.mark.parametrize("model", MODELS)
def test_the_forecast_of_cdnow(told, model):
    total = sum(row[2] * row[-1] for row in told.rows(FUTURE[model]))
    assert near(total, HOLDOUT[model], 1)


@pytest.mark.parametrize("model", MODELS)
def test_scores_is_all_of_them_in_one_pass(told, model):
    for p_alive, p_buys, purchases, residual, interval, scores, _ in told.rows(FUTURE[model]):
        assert scores == {"p_alive": p_alive, "p_buys": p_buys, "purchases": purchases, "residual": residual, **interval}


@pytest.mark.parametrize("model", MODELS)
def test_scores_are_numbers_of_their_kind(told, model):
    for p_alive, p_buys, purchases, residual, interval, _, _ in told.rows(FUTURE[model]):
        assert 0 <= p_buys <= p_alive <= 1 and p_buys <= purchases and residual > 0
        assert interval["low"] <= interval["high"] and interval["low"] == int(interval["low"])


@pytest.mark.parametrize("model", MODELS)
def test_parameters_may_be_written_by_hand(told, model):
    assert told.rows(BY_HAND[model]) == told.rows(FUTURE[model])


# purchases of each twentieth of a unit of time, discounted at a rate of a half a unit: 1.5^-time
DISCOUNTED = {model: ask(f"SELECT {model}_residual({PLAUSIBLE[model]}, 2, 40, 60, 0.5), sum((until - coalesce(before, 0)) * 1.5 ** -((k - 0.5) / 20))"
                         f" FROM (SELECT k, until, lag(until) OVER (ORDER BY k) AS before FROM (SELECT k,"
                         f" {model}_expected_purchases({PLAUSIBLE[model]}, 2, 40, 60, k / 20) AS until FROM range(1, 1600) AS steps(k)))") for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_residual_discounts_by_a_rate_a_unit_of_time(told, model):
    (residual, summed), = told.rows(DISCOUNTED[model])
    assert residual == pytest.approx(summed, rel=1e-4)


FIELDS_IN_ANY_ORDER = ask("SELECT pareto_nbd_p_alive({'beta': 82, 's': 0.61, 'alpha': 74, 'r': 0.55}, 2, 40, 300)"
                          f" = pareto_nbd_p_alive({PLAUSIBLE['pareto_nbd']}, 2, 40, 300)")
BUYS_AT = "pareto_nbd_p_buys({{'r': {}, 'alpha': 74, 's': 0.61, 'beta': 82}}, 2, 40, 300, 90)"  # three constants beside a column
PARTLY_CONSTANT = ask(f"SELECT cohort, {BUYS_AT.format('0.5 + cohort')}, CASE cohort WHEN 0 THEN {BUYS_AT.format(0.5)}"
                      f" WHEN 1 THEN {BUYS_AT.format(1.5)} ELSE {BUYS_AT.format(2.5)} END FROM people")
COHORTS = ask("SELECT max(abs(own / mixed - 1)), count(*) FROM ("
              "SELECT people.cohort, frequency, recency, age, bg_nbd_expected_purchases(fit, frequency, recency, age, 90 + cohort) AS mixed"
              " FROM people JOIN (SELECT cohort, bg_nbd_fit(frequency, recency, age) AS fit FROM people GROUP BY cohort) USING (cohort)"
              ") JOIN (SELECT DISTINCT 1 AS cohort, frequency, recency, age, bg_nbd_expected_purchases("
              "(SELECT bg_nbd_fit(frequency, recency, age) FROM people WHERE cohort = 1), frequency, recency, age, 91) AS own"
              " FROM people WHERE cohort = 1) USING (cohort, frequency, recency, age)")


def test_parameters_of_any_make(told):
    assert told.value(FIELDS_IN_ANY_ORDER) is True
    rows = told.rows(PARTLY_CONSTANT)
    assert {cohort for cohort, _, _ in rows} == {0, 1, 2} and all(one == other for _, one, other in rows)


def test_each_row_by_its_own_parameters_and_horizon(told):
    (worst, rows), = told.rows(COHORTS)
    assert worst < 1e-12 and rows > 500


HOLES = ask("SELECT score, score.p_alive, score.high FROM (SELECT hole, pareto_nbd_scores(CASE WHEN hole <> 1 THEN {'r': 0.55, 'alpha': 74.0, 's': CASE WHEN hole <> 8 THEN 0.61 END, 'beta': 82.0} END,"
            " CASE WHEN hole <> 2 THEN 2 END, CASE WHEN hole <> 3 THEN 40 END, CASE WHEN hole <> 4 THEN 300 END,"
            " CASE WHEN hole <> 5 THEN 90 END, CASE WHEN hole <> 6 THEN 0.0003 END, CASE WHEN hole <> 7 THEN 0.8 END) AS score"
            " FROM range(9) AS holes(hole)) ORDER BY hole")
HOLES_OF_ONE = ask("SELECT pareto_nbd_p_alive({'r': 0.55, 'alpha': 74.0, 's': 0.61, 'beta': 82.0}, 2, CASE WHEN i % 2 = 0 THEN 40 END, 300)"
                   " FROM range(4) AS r(i)")


def test_null_in_null_out(told):
    first, *others = told.rows(HOLES)
    assert first[0]["p_alive"] == first[1] and first[0]["high"] == first[2]
    assert others == [[None, None, None]] * 8
    known, *_ = given = [value for value, in told.rows(HOLES_OF_ONE)]
    assert known is not None and given == [known, None, known, None]


BAD_ARGUMENTS = {ask("SELECT pareto_nbd_" + call.replace("$", PLAUSIBLE["pareto_nbd"])): words for call, words in {
    "p_alive($, 2, 400, 300)": "pareto_nbd_p_alive: frequency 2, recency 400, age 300: recency lies between 0 and age",
    "p_buys($, 2, 40, 300, 0)": "pareto_nbd_p_buys: horizon 0: a finite time above 0 was expected",
    "expected_purchases($, 2, 40, 300, 'nan'::DOUBLE)": "horizon nan",
    "residual($, 2, 40, 300, -0.01)": "pareto_nbd_residual: discount -0.01: a rate a unit of time, 0 or more, was expected",
    "residual($, 2, 40, 300, 0)": "without a discount it may be infinite",
    "interval($, 2, 40, 300, 90, 1)": "chance 1: a number between 0 and 1 was expected",
    "interval($, 2, 40, 300, 90, 0)": "chance 0",
    "scores($, 2, 40, 300, 90, 0.001, 1.5)": "pareto_nbd_scores: chance 1.5",
    "p_alive({'r': 0.55, 'alpha': 74.0, 's': -0.61, 'beta': 82.0}, 2, 40, 300)": "pareto_nbd_p_alive: s is -0.61, not a finite number above 0",
    "p_alive({'r': 0.55, 'alpha': 'nan'::DOUBLE, 's': 0.61, 'beta': 82.0}, 2, 40, 300)": "alpha is",
}.items()}


@pytest.mark.parametrize("handle", BAD_ARGUMENTS)
def test_what_cannot_be_scored_is_an_error_that_says_why(told, handle):
    assert BAD_ARGUMENTS[handle] in told.error(handle)


# ---- history ----

DAYS = ask("SELECT person, purchase_days(day), list_sort(list(DISTINCT day)) FROM bought GROUP BY person ORDER BY person")
DAYS_OF_NONE = ask("SELECT purchase_days(NULL::DATE), purchase_days(day) FILTER (person < 0), len(purchase_days(day)) FROM bought")
STATES = ask("SELECT person, until, history_state(days, until::DATE, 60), CASE WHEN first <= until THEN"
             " {'frequency': frequency, 'recency': last - first, 'age': until::DATE - first, 'later': later} END"
             " FROM (SELECT person, any_value(days) AS days, until, min(day) AS first, max(day) FILTER (day <= until) AS last,"
             " (count(DISTINCT day) FILTER (day <= until) - 1)::INTEGER AS frequency,"
             " (count(DISTINCT day) FILTER (day > until AND day <= until + 60))::INTEGER AS later"
             " FROM bought JOIN (SELECT person, purchase_days(day) AS days FROM bought GROUP BY person) USING (person),"
             " (SELECT DATE '2019-12-30' + (k * 37)::INTEGER AS until FROM range(24) AS r(k)) GROUP BY person, until) ORDER BY person, until")
LISTS = ask("SELECT history_state(list_sort([DATE '2020-01-05', DATE '2020-01-01']), DATE '2020-01-09', 0),"
            " history_state([DATE '2020-01-01', DATE '2020-01-05', DATE '2020-01-12'], DATE '2020-01-09', 3),"
            " history_state(list_filter([DATE '2020-01-01', DATE '2019-01-05', DATE '2020-01-05'], lambda d: d > DATE '2020-01-01' OR d = DATE '2020-01-01'),"
            " DATE '2020-01-09', 0), history_state([]::DATE[], DATE '2020-01-09', 0), history_state(NULL::DATE[], DATE '2020-01-09', 0),"
            " history_state([DATE '2020-01-05'], NULL::DATE, 0), history_state([DATE '2020-01-05'], DATE '2020-01-09', NULL::INTEGER),"
            " history_state([DATE '2020-01-05'], DATE '2020-01-04', 9)")
BAD_DAYS = {ask("SELECT " + call): words for call, words in {
    "purchase_days('infinity'::DATE) FROM range(2)": "purchase_days: an infinite date is no day",
    "history_state([DATE '2020-01-05', DATE '2020-01-01'], DATE '2020-01-09', 0)": "history_state: the days do not rise",
    "history_state([DATE '2020-01-05', DATE '2020-01-05'], DATE '2020-01-09', 0)": "history_state: the days do not rise",
    "history_state([DATE '2020-01-05', NULL], DATE '2020-01-09', 0)": "history_state: one of the days is NULL",
    "history_state(['-infinity'::DATE], DATE '2020-01-09', 0)": "history_state: one of the days is infinite",
    "history_state([DATE '2020-01-05'], 'infinity'::DATE, 0)": "history_state: until is an infinite date",
    "history_state([DATE '2020-01-05'], DATE '2020-01-09', -1)": "history_state: the horizon is below 0",
    "history_state([DATE '5000000-01-01 (BC)'], DATE '5000000-01-01', 0)": "years apart",
}.items()}


def test_purchase_days_are_the_distinct_days_in_order(told):
    rows = told.rows(DAYS)
    assert len(rows) > 40 and max(len(days) for _, days, _ in rows) > 60
    assert all(days == plain for _, days, plain in rows)
    assert told.rows(DAYS_OF_NONE)[0][:2] == [None, None]


def test_history_state_as_plain_sql_has_it(told):
    rows = told.rows(STATES)
    assert all(state == plain for _, _, state, plain in rows)
    assert sum(state is None for _, _, state, _ in rows) > 20 and sum(state is not None for _, _, state, _ in rows) > 900


def test_lists_of_any_make(told):
    assert told.rows(LISTS) == [[{"frequency": 1, "recency": 4, "age": 8, "later": 0}, {"frequency": 1, "recency": 4, "age": 8, "later": 1},
                                 {"frequency": 1, "recency": 4, "age": 8, "later": 0}, None, None, None, None, None]]


@pytest.mark.parametrize("handle", BAD_DAYS)
def test_what_is_no_history_is_an_error(told, handle):
    assert BAD_DAYS[handle] in told.error(handle)


# ---- spend ----

SPEND = ask("SELECT gamma_gamma_fit(purchases, mean, 'none') FROM spend")
SPEND_WEAK = ask("SELECT gamma_gamma_fit(purchases, mean), gamma_gamma_fit(purchases, mean, 'weak'),"
                 " gamma_gamma_fit(purchases, mean, NULL::VARCHAR) FROM spend")
SPEND_TOLD = ask("SELECT purchases, mean, gamma_gamma_mean(fit, purchases, mean), gamma_gamma_scale(fit, purchases, mean),"
                 " gamma_gamma_mean({'p': fit.p, 'q': fit.q, 'gamma': fit.gamma}, purchases, mean), gamma_gamma_mean(fit, 0, 0), fit"
                 " FROM spend, (SELECT gamma_gamma_fit(purchases, mean) AS fit FROM spend)")
SPEND_OF_NONE = ask("SELECT gamma_gamma_fit(purchases, mean) FILTER (mean < 0), gamma_gamma_fit(NULL, mean), gamma_gamma_fit(purchases, mean)"
                    " FILTER (mean = (SELECT max(mean) FROM spend)) FROM spend")
SPEND_NULLS = ask("SELECT gamma_gamma_mean(NULL::STRUCT(p DOUBLE, q DOUBLE, gamma DOUBLE), 1, 2), gamma_gamma_mean({'p': 6, 'q': NULL, 'gamma': 15}, 1, 2),"
                  " gamma_gamma_mean({'p': 6, 'q': 4, 'gamma': 15}, NULL, 2), gamma_gamma_scale({'p': 6, 'q': 4, 'gamma': 15}, 1, NULL)")
SHRUNKEN = ask("SELECT normal_normal_fit(purchases, ln(mean)) FROM spend")
SHRUNKEN_TOLD = ask("SELECT purchases, ln(mean), normal_normal_mean(fit, purchases, ln(mean)), fit.centre, fit.between, fit.within"
                    " FROM spend, (SELECT normal_normal_fit(purchases, ln(mean)) AS fit FROM spend)")
SHRUNKEN_ENDS = ask("SELECT normal_normal_mean({'centre': 2, 'between': 3, 'within': 5}, 0, 100), normal_normal_mean({'centre': 2, 'between': 3, 'within': 5}, 1e15, 100),"
                    " normal_normal_mean({'centre': -2, 'between': 0, 'within': 5}, 7, 100), normal_normal_mean({'centre': -2, 'between': 3, 'within': 0}, 7, 100),"
                    " normal_normal_fit(1, NULL::DOUBLE) IS NULL, normal_normal_fit(1, 2).status, normal_normal_fit(1, 2).reason FROM range(1)")
BAD_SPEND = {ask("SELECT " + call): words for call, words in {
    "gamma_gamma_fit(0, 5) FROM range(3)": "gamma_gamma_fit: purchases 0, mean 5: purchases is a whole number from 1 to 1000000",
    "gamma_gamma_fit(1.5, 5) FROM range(3)": "purchases is a whole number",
    "gamma_gamma_fit(2, 5, 'strong') FROM range(3)": "gamma_gamma_fit: prior 'strong'",
    "gamma_gamma_fit(2, 5, CASE WHEN i = 0 THEN 'weak' ELSE 'none' END) FROM range(3) AS r(i)": "the prior differs between rows",
    "gamma_gamma_fit(2, 0) FROM range(3)": "gamma_gamma_fit: purchases 2, mean 0: mean is a finite amount above 0",
    "gamma_gamma_mean({'p': 6, 'q': 1, 'gamma': 15}, 1, 2)": "gamma_gamma_mean: p 6, q 1, gamma 15, purchases 1, mean 2: p above 0, q above 1",
    "gamma_gamma_scale({'p': 6, 'q': 4, 'gamma': 15}, -1, 2)": "purchases is a finite number, 0 or more",
    "gamma_gamma_mean({'p': 6, 'q': 4, 'gamma': 15}, 1, -2)": "mean is a finite amount, 0 or more",
    "normal_normal_fit(0, 5) FROM range(3)": "normal_normal_fit: count 0, mean 5: count is a finite number above 0",
    "normal_normal_fit(1, 'inf'::DOUBLE) FROM range(3)": "mean is a finite number",
    "normal_normal_mean({'centre': 2, 'between': -3, 'within': 5}, 1, 2)": "the last two not below 0",
}.items()}


def test_spend_of_cdnow_as_published(told):
    fit = told.value(SPEND)
    # Fader, Hardie & Lee (2005), Journal of Marketing Research 42(4): p 6.25, q 3.74, gamma 15.44 of 946 customers
    assert near(fit["p"], 6.25, 2) and near(fit["q"], 3.74, 2) and near(fit["gamma"], 15.44, 2), fit
    assert (fit["status"], fit["customers"], fit["reason"]) == ("interior", 946, None)
    (default, weak, null), = told.rows(SPEND_WEAK)
    assert default == weak and fit["log_likelihood"] - 0.05 < weak["log_likelihood"] < fit["log_likelihood"] and null is None


ONE_PRICE = ask("SELECT gamma_gamma_fit(1 + i % 3, 9.99) FROM range(9) AS r(i)")


def test_one_price_has_no_likelihood(told):
    fit = told.value(ONE_PRICE)
    assert (fit["status"], fit["limit"], fit["customers"], fit["log_likelihood"]) == ("boundary", "one_price", 9, None)


def test_expected_spend_is_a_weighted_mean(told):
    for purchases, mean, expected, scale, by_hand, of_new, fit in told.rows(SPEND_TOLD):
        p, q, gamma = fit["p"], fit["q"], fit["gamma"]
        weight = p * purchases / (p * purchases + q - 1)  # of one's own mean: Fader & Hardie (2013), note 025, equation 5
        assert expected == pytest.approx(weight * mean + (1 - weight) * p * gamma / (q - 1), rel=1e-12)
        assert scale == pytest.approx(gamma + purchases * mean, rel=1e-12)
        assert by_hand == expected and of_new == pytest.approx(p * gamma / (q - 1), rel=1e-12)


def test_spend_of_nobody_and_of_one(told):
    (nobody, null, one), = told.rows(SPEND_OF_NONE)
    assert nobody is None and null is None
    assert one["status"] == "failed" and one["p"] is None and one["customers"] == 1 and one["reason"]
    assert told.rows(SPEND_NULLS) == [[None] * 4]


def test_shrunken_means(told):
    fit = told.value(SHRUNKEN)
    assert fit["status"] == "interior" and fit["between"] > 0 and fit["within"] > 0
    for count, mean, shrunken, centre, between, within in told.rows(SHRUNKEN_TOLD):
        weight = between / (between + within / count)
        assert shrunken == pytest.approx(centre + weight * (mean - centre), rel=1e-12)
    (new, old, alike, exact, null, status, reason), = told.rows(SHRUNKEN_ENDS)
    assert (new, old, alike, exact) == (2, pytest.approx(100), -2, 100)
    assert null is True and status == "failed" and "two" in reason


@pytest.mark.parametrize("handle", BAD_SPEND)
def test_what_is_no_spend_is_an_error(told, handle):
    assert BAD_SPEND[handle] in told.error(handle)


# ---- models ----

TABLE_OF_MODELS = ask("SELECT model, says, source, parameter FROM patron_models()")


def test_the_table_of_models(told):
    rows = told.rows(TABLE_OF_MODELS)
    said = json.loads(patron("models", "--json").stdout)
    assert said["schema"] == "patron.models/1"
    assert rows == [[model["name"], model["says"], model["source"], parameter] for model in said["models"] for parameter in model["parameters"]]
    assert {model["name"]: model["parameters"] for model in said["models"]} == MODELS


def test_models_for_people():
    said = patron("models").stdout
    assert all(model in said for model in MODELS) and "r, alpha, s, beta" in said and "Schmittlein" in said
    assert patron("models", "pareto_nbd").returncode == 2


# ---- intervals ----

SHARE = ask("SELECT share_interval(81, 263, 0.95), share_interval(0, 20, 0.95)")
TOTAL = ask("SELECT total_interval(1000, 0, 0.25, 4, 0.8), total_interval(-1000, 0, 0.25, 4, 0.8), total_interval(0, 10, 0.25, 4, 0.8)")
NO_INTERVAL = ask("SELECT share_interval(NULL, 3, 0.8) IS NULL, total_interval(1, 1, NULL, 4, 0.8).low IS NULL FROM range(3)")
BAD_INTERVALS = {ask(f"SELECT {call}"): name for call, name in {
    "share_interval(4, 3, 0.8)": "share_interval: 4 of 3", "share_interval(1, 3, 1)": "chance 1",
    "total_interval(1, -1, 0.2, 4, 0.8)": "total_interval: total 1, deviation -1", "total_interval(1, 1, 0.2, 0, 0.8)": "degrees 0",
}.items()}


def test_intervals(told):
    (share, none), = told.rows(SHARE)  # Newcombe (1998), table I, method 3
    assert share["low"] == pytest.approx(0.2553, abs=5e-5) and share["high"] == pytest.approx(0.3662, abs=5e-5)
    assert none["low"] == 0 and none["high"] == pytest.approx(0.1611, abs=5e-5)
    (above, below, luck), = told.rows(TOTAL)
    assert math.log(above["high"] / 1000) == pytest.approx(0.25 * 1.533, abs=2e-4)  # Student's t of four degrees, from tables
    assert below == {"low": -above["high"], "high": -above["low"]}
    assert luck["high"] == pytest.approx(12.8155, abs=1e-4) and luck["low"] == -luck["high"]
    assert told.rows(NO_INTERVAL) == [[True, True]] * 3


@pytest.mark.parametrize("handle", BAD_INTERVALS)
def test_what_has_no_interval_is_an_error(told, handle):
    assert BAD_INTERVALS[handle] in told.error(handle)


# ---- everywhere the same ----

@pytest.mark.parametrize("handle", QUESTIONS)
def test_the_same_digits_in_every_duckdb(handle):
    first, *others = [answers_of(version)[handle] for version in VERSIONS]
    assert all(other.get("rows") == first.get("rows") for other in others)


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("functions") / "shop").ledger("a,2024-01-09,10", "a,2024-02-11,12", "b,2024-01-20,9",
                                                                      "b,2024-02-01,3", "b,2024-03-09,8", "c,2024-01-30,4")
    shop.build()
    return shop


@pytest.mark.parametrize("handle", QUESTIONS)
def test_the_same_digits_in_patron(project, handle):
    answer = answers_of(VERSIONS[0])[handle]
    run = patron("sql", project.folder, QUESTIONS[handle], "--json")
    if "rows" in answer:
        assert run.returncode == 0, run.stderr
        assert [list(row.values()) for row in json.loads(run.stdout)] == answer["rows"]
    else:
        assert run.returncode == 1 and run.stdout == ""


# ---- the manual ----

def test_examples_of_the_manual_run():
    manual = (ROOT / "docs" / "sql-functions.md").read_text()
    blocks = [block.split("```")[0] for block in manual.split("```sql\n")[1:]]
    statements = [statement.strip() for block in blocks for statement in block.split(";\n") if statement.strip()]
    assert len(statements) > 15
    for version in VERSIONS:
        answers = put(version, {str(k): statement for k, statement in enumerate(statements)})
        for k, statement in enumerate(statements):
            assert "rows" in answers[str(k)], f"{version}\n{statement}\n{answers[str(k)]}"
            assert answers[str(k)]["rows"] or statement.startswith("CREATE"), f"{version}: nothing comes of\n{statement}"
