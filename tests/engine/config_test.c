/* What patron.yaml may say. */
#include "config_faults.h"
#include "config_values.h"
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what can be said ---- */

TEST(the_contract_is_read_whole)
{
    setenv("PTN_TEST_PASSWORD", "hunter2", 1);
    ptn_config config = read_fine(
        "name: shop\n"
        "currency: GBP            # amounts in others are converted by the `rates` stream\n"
        "as_of: 2011-12-09        # default: the date of the last ledger row\n"
        "horizons: [90d, 12w, 6m, 2y]\n"
        "discount_rate: 0.12\n"
        "margin: 0.35\n"
        "time_unit: day\n"
        "duplicates: drop\n"
        "quarantine_limit: 2.5%\n"
        "forecast: {models: [bg_nbd, pareto_nbd], season: on, prior: none}\n"
        "locale: de_DE\n"
        "attach:\n"
        "  - {name: crm, type: postgres, dsn: \"host=db password=${PTN_TEST_PASSWORD} dbname=crm\"}\n"
        "  - name: shop\n"
        "    type: sqlite\n"
        "    dsn: data/shop.db\n");
    CHECK_STR(config.name, "shop");
    CHECK_STR(config.currency, "GBP");
    CHECK_STR(config.as_of, "2011-12-09");
    CHECK_EQ_INT(config.horizon_count, 4);
    CHECK_STR(config.horizons[0].text, "90d");
    CHECK_EQ_INT(config.horizons[0].days, 90);
    CHECK_EQ_INT(config.horizons[0].months, 0);
    CHECK_EQ_INT(config.horizons[1].days, 84);
    CHECK_EQ_INT(config.horizons[2].days, 0);
    CHECK_EQ_INT(config.horizons[2].months, 6);
    CHECK_EQ_INT(config.horizons[3].months, 24);
    CHECK(config.has_discount_rate);
    CHECK(config.discount_rate == 0.12);
    CHECK_EQ_INT(config.discount_count, 0);
    CHECK(config.has_margin);
    CHECK(config.margin == 0.35);
    CHECK_EQ_INT(config.time_unit, PTN_UNIT_DAY);
    CHECK_EQ_INT(config.duplicates, PTN_DUPLICATES_DROP);
    CHECK(config.quarantine_limit == 0.025);
    CHECK_EQ_INT(config.model_count, 2);
    CHECK_STR(config.models[0].name, "bg_nbd");
    CHECK_STR(config.models[1].name, "pareto_nbd");
    CHECK_EQ_INT(config.models[1].line, 10);
    CHECK_EQ_INT(config.models[1].column, 29);
    CHECK_EQ_INT(config.season, PTN_SEASON_ON);
    CHECK_EQ_INT(config.prior, PTN_PRIOR_NONE);
    CHECK_STR(config.locale, "de_DE");
    CHECK_EQ_INT(config.attach_count, 2);
    CHECK_STR(config.attach[0].name, "crm");
    CHECK_EQ_INT(config.attach[0].type, PTN_ATTACH_POSTGRES);
    CHECK_STR(config.attach[0].dsn, "host=db password=hunter2 dbname=crm");
    CHECK_EQ_INT(config.attach[1].type, PTN_ATTACH_SQLITE);
    CHECK_STR(config.attach[1].dsn, "data/shop.db");
    CHECK_EQ_INT(config.attach[1].line, 14);
    CHECK_STR(ptn_attach_type_word(config.attach[1].type), "sqlite");
    ptn_config_free(&config);
    CHECK_EQ_INT(config.attach_count, 0);
    ptn_config_free(&config);
    ptn_config_free(NULL);
}

TEST(what_is_not_said_has_its_default)
{
    ptn_config config = read_fine("currency: EUR\n");
    CHECK_STR(config.name, "");
    CHECK_STR(config.currency, "EUR");
    CHECK_STR(config.as_of, "");
    CHECK_EQ_INT(config.horizon_count, 2);
    CHECK_STR(config.horizons[0].text, "90d");
    CHECK_EQ_INT(config.horizons[0].days, 90);
    CHECK_STR(config.horizons[1].text, "1y");
    CHECK_EQ_INT(config.horizons[1].months, 12);
    CHECK(!config.has_discount_rate);
    CHECK(config.discount_rate == 0.10);
    CHECK_EQ_INT(config.discount_count, 0);
    CHECK(!config.has_margin);
    CHECK_EQ_INT(config.time_unit, PTN_UNIT_DAY);
    CHECK_EQ_INT(config.duplicates, PTN_DUPLICATES_KEEP);
    CHECK(config.quarantine_limit == 0.01);
    CHECK_EQ_INT(config.model_count, 0);
    CHECK_EQ_INT(config.season, PTN_SEASON_AUTO);
    CHECK_EQ_INT(config.prior, PTN_PRIOR_WEAK);
    CHECK_STR(config.locale, "en_GB");
    CHECK_EQ_INT(config.attach_count, 0);
    ptn_config_free(&config);
}

TEST(a_single_horizon_or_model_needs_no_list)
{
    ptn_config config = read_fine("currency: GBP\nhorizons: 18m\nforecast: {models: bg_nbd}\n");
    CHECK_EQ_INT(config.horizon_count, 1);
    CHECK_EQ_INT(config.horizons[0].months, 18);
    CHECK_EQ_INT(config.model_count, 1);
    CHECK_STR(config.models[0].name, "bg_nbd");
    ptn_config_free(&config);
    config = read_fine("currency: GBP\nforecast: {models: [auto]}\n");
    CHECK_EQ_INT(config.model_count, 0);
    ptn_config_free(&config);
}

TEST(a_discount_curve_is_a_list_of_stretches)
{
    ptn_config config = read_fine("currency: GBP\n"
                                  "discount_curve:\n"
                                  "  - {name: near, until: 12m, rate: 8%}\n"
                                  "  - {until: 5y, rate: -0.5%}\n"
                                  "  - {name: far, rate: 0.12}\n");
    CHECK(!config.has_discount_rate);
    CHECK_EQ_INT(config.discount_count, 3);
    CHECK_STR(config.discount_curve[0].name, "near");
    CHECK_EQ_INT(config.discount_curve[0].until.months, 12);
    CHECK(config.discount_curve[0].rate == 0.08);
    CHECK_STR(config.discount_curve[1].name, "");
    CHECK(config.discount_curve[1].rate == -0.005);
    CHECK(!config.discount_curve[2].has_until);
    CHECK(config.discount_curve[2].rate == 0.12);
    ptn_config_free(&config);
}

TEST(environment_variables_are_put_into_a_dsn)
{
    setenv("PTN_TEST_A", "one", 1);
    setenv("PTN_TEST_EMPTY", "", 1);
    setenv("PTN_TEST_NESTED", "${PTN_TEST_A}", 1);
    static const struct {
        const char *dsn, *expected;
    } cases[] = {
        {"${PTN_TEST_A}", "one"},
        {"a${PTN_TEST_A}b${PTN_TEST_A}", "aonebone"},
        {"x${PTN_TEST_EMPTY}", "x"},
        {"cost $5, $PTN_TEST_A and {PTN_TEST_A}", "cost $5, $PTN_TEST_A and {PTN_TEST_A}"},
        {"$${PTN_TEST_A}", "$one"},
        {"${PTN_TEST_NESTED}", "${PTN_TEST_A}"}, /* once: a password may look like anything */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        snprintf(text, sizeof text, "currency: GBP\nattach: [{name: a, type: duckdb, dsn: '%s'}]\n",
                 cases[i].dsn);
        ptn_config config = read_fine(text);
        CHECK_STR(config.attach[0].dsn, cases[i].expected);
        ptn_config_free(&config);
    }
}

/* ---- what cannot ---- */

TEST(limits_of_check)
{
    ptn_config config = read_fine("currency: GBP\ncheck: {total_within: 15%, held_within: 0.08, beats_same_rate: true}\n");
    CHECK_EQ_INT(config.limit_count, 1);
    CHECK_EQ_INT(config.limits[0].horizon_count, 0);
    CHECK(config.limits[0].total_within == 0.15 && config.limits[0].held_within == 0.08 && config.limits[0].buyers_within == 0);
    CHECK_EQ_INT(config.limits[0].beats_same_rate, 1);
    ptn_config_free(&config);

    config = read_fine("currency: GBP\n" /* before the horizons it names */
                       "check:\n"
                       "  - {horizons: 26w, buyers_within: 10%, beats_same_rate: no}\n"
                       "  - {horizons: [12m, 26w], total_within: 40%}\n"
                       "horizons: [182d, 1y]\n");
    CHECK_EQ_INT(config.limit_count, 2);
    CHECK_EQ_INT(config.limits[0].horizon_count, 1);
    CHECK_EQ_INT(config.limits[0].horizons[0].period.days, 182);
    CHECK(config.limits[0].buyers_within == 0.1 && config.limits[0].total_within == 0);
    CHECK_EQ_INT(config.limits[0].beats_same_rate, 0);
    CHECK_EQ_INT(config.limits[1].horizon_count, 2);
    CHECK_EQ_INT(config.limits[1].horizons[0].period.months, 12);
    CHECK_EQ_INT(config.limits[1].horizons[1].line, 4);
    ptn_config_free(&config);

    config = read_fine("currency: GBP\n");
    CHECK_EQ_INT(config.limit_count, 0);
    ptn_config_free(&config);
}

TEST(limits_of_check_that_cannot_be)
{
    check_fault("chekc: {total_within: 15%}\n", "E102", "1:1", "unknown key \"chekc\"", "", "did you mean \"check\"?");
    check_fault("check: {totals_within: 15%}\n", "E102", "1:9", "unknown key \"totals_within\"", "not one of the 5 keys of check",
                "did you mean \"total_within\"?");
    check_fault("check: 15%\n", "E103", "1:8", "check cannot be \"15%\"", "expected a group with the keys total_within,", "");
    check_fault("check: [{total_within: 15}]\n", "E103", "1:24", "total_within cannot be \"15\"", "expected 0 to 1", "did you mean 15%?");
    check_fault("check: {held_within: 0}\n", "E103", "1:22", "held_within cannot be \"0\"", "expected more than 0", "");
    check_fault("check: {buyers_within: few}\n", "E103", "1:24", "buyers_within cannot be \"few\"", "", "");
    check_fault("check: {beats_same_rate: yess}\n", "E103", "1:26", "beats_same_rate cannot be \"yess\"", "expected no, yes, false or true",
                "did you mean \"yes\"?");
    check_fault("check: {horizons: [1y]}\n", "E107", "1:8", "check sets no limit", "", "add  total_within: 15%");
    check_fault("check: {beats_same_rate: no}\n", "E107", "1:8", "check sets no limit", "", "");
    check_fault("check: []\n", "E103", "1:8", "check is an empty list", "", "");
    check_fault("currency: GBP\ncheck: {horizons: [1y, 80d], total_within: 15%}\n", "E103", "2:24", "check: there is no horizon 80d",
                "horizons of this project: 90d, 1y", "did you mean 90d?");
    check_fault("currency: GBP\ncheck:\n- {total_within: 15%}\n- {total_within: 15%, horizons: 5w}\n", "E103", "4:33",
                "check: there is no horizon 5w", "", "");
}

TEST(names_currencies_days_and_locales)
{
    check_fault("name: ' '\n", "E103", "1:7", "name cannot be \" \"", "expected a name that can be seen", "");
    char longest[PTN_NAME_MAX + 32] = "name: ";
    memset(longest + 6, 'n', PTN_NAME_MAX + 1);
    check_fault(longest, "E103", "1:7", "", "expected at most 100 bytes; this has 101", "");

    check_fault("currency: gbp\n", "E103", "1:11", "currency cannot be \"gbp\"",
                "expected the three capital letters of a currency", "did you mean GBP?");
    check_fault("currency: \xE2\x82\xAC\n", "E103", "1:11", "", "", "did you mean EUR?");
    check_fault("currency: pounds\n", "E103", "1:11", "currency cannot be \"pounds\"", "",
                "for example  currency: GBP");
    check_fault("currency: GB1\n", "E103", "1:11", "", "", "");
    check_fault("currency: GB\n", "E103", "1:11", "", "", "");

    check_fault("as_of: 09/12/2011\n", "E103", "1:8", "as_of cannot be \"09/12/2011\"",
                "expected a day as YYYY-MM-DD", "for example  as_of: 2011-12-09");
    check_fault("as_of: 2011-02-29\n", "E103", "1:8", "", "February 2011 has days 1 to 28", "");
    check_fault("as_of: 1900-02-29\n", "E103", "1:8", "", "February 1900 has days 1 to 28", "");
    check_fault("as_of: 2011-04-31\n", "E103", "1:8", "", "April 2011 has days 1 to 30", "");
    check_fault("as_of: 2011-13-01\n", "E103", "1:8", "", "there is no month 13", "");
    check_fault("as_of: 2011-01-00\n", "E103", "1:8", "", "January 2011 has days 1 to 31", "");
    check_fault("as_of: 0011-01-01\n", "E103", "1:8", "", "expected a year from 1900 on", "");
    check_fault("as_of: 2011-12-09 10:00\n", "E103", "1:8", "", "expected a day as YYYY-MM-DD", "");
    check_fault("as_of: 2011-12-9\n", "E103", "1:8", "", "expected a day as YYYY-MM-DD", "");
    ptn_config config = read_fine("currency: GBP\nas_of: 2000-02-29\nlocale: en\n");
    CHECK_STR(config.as_of, "2000-02-29");
    CHECK_STR(config.locale, "en");
    ptn_config_free(&config);

    check_fault("locale: en-GB\n", "E103", "1:9", "locale cannot be \"en-GB\"",
                "expected a language and a country", "did you mean en_GB?");
    check_fault("locale: english\n", "E103", "1:9", "", "", "");
    check_fault("locale: en_\n", "E103", "1:9", "", "", "");
    check_fault("locale: en_GB.UTF-8\n", "E103", "1:9", "", "", "");
}

TEST(shares_and_rates)
{
    check_fault("discount_rate: -1\n", "E103", "1:16", "discount_rate cannot be \"-1\"",
                "divided by 1 + rate, and that must be above zero", "for example  discount_rate: 0.10");
    check_fault("discount_rate: -120%\n", "E103", "1:16", "", "expected more than -1", "");
    check_fault("discount_rate: 12\n", "E103", "1:16", "", "expected at most 10, which is 1000 % a year",
                "did you mean 12%?");
    check_fault("discount_rate: 0,10\n", "E103", "1:16", "discount_rate cannot be \"0,10\"",
                "expected a number such as 0.05, or 5%", "did you mean 0.10?");
    check_fault("discount_rate: ten\n", "E103", "1:16", "", "expected a number", "");
    check_fault("discount_rate: 1e-1\n", "E103", "1:16", "", "expected a number", "");
    check_fault("discount_rate: .inf\n", "E103", "1:16", "", "expected a number", "");
    check_fault("discount_rate: nan\n", "E103", "1:16", "", "expected a number", "");
    check_fault("discount_rate: 0.1.2\n", "E103", "1:16", "", "expected a number", "");
    check_fault("discount_rate: .\n", "E103", "1:16", "", "expected a number", "");
    check_fault("discount_rate: 5%%\n", "E103", "1:16", "", "expected a number", "");
    check_fault("discount_rate: 0.1234567890123456\n", "E103", "1:16", "",
                "more digits than a double can hold", "");
    check_fault("margin: 35\n", "E103", "1:9", "margin cannot be \"35\"",
                "expected -1 to 1, that is -100 % to 100 %", "did you mean 35%?");
    check_fault("margin: -1.01\n", "E103", "1:9", "", "", "for example  margin: 0.35");
    check_fault("quarantine_limit: 5\n", "E103", "1:19", "", "expected 0 to 1, that is 0 % to 100 %",
                "did you mean 5%?");
    check_fault("quarantine_limit: -1%\n", "E103", "1:19", "", "", "");
    ptn_config config =
        read_fine("currency: GBP\ndiscount_rate: -99.9 %\nmargin: -100%\nquarantine_limit: 0\n");
    CHECK(config.discount_rate == -0.999);
    CHECK(config.margin == -1);
    CHECK(config.quarantine_limit == 0);
    ptn_config_free(&config);
}

/* What a number says is the double nearest to it: strtod in the C locale is the oracle. */
TEST(numbers_are_read_exactly)
{
    static const char *const numbers[] = {
        "0",      "0.1",   "0.10",  "-0.35", "+2.5", ".5",   "1.",
        "0.07",   "0.01",  "9.99",  "0.3",   "00.7", "-0.0", "0.123456789012345",
        "123456", "0.015", "0.0001"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double value;
        ptn_why why;
        CHECK(ptn_read_share(numbers[i], &value, &why));
        CHECK(value == strtod(numbers[i], NULL));
        CHECK(!signbit(value) || value < 0);
    }
    double value;
    ptn_why why;
    CHECK(ptn_read_share("1%", &value, &why) && value == 0.01);
    CHECK(ptn_read_share("7 %", &value, &why) && value == 0.07);
    CHECK(ptn_read_share("12.5%", &value, &why) && value == 0.125);
}

TEST(horizons)
{
    check_fault("horizons: [90d, 3q]\n", "E103", "1:17", "horizons cannot be \"3q\"",
                "expected a whole number and one letter: d days, w weeks, m months, y years",
                "for example  horizons: [90d, 1y]");
    check_fault("horizons: [90]\n", "E103", "1:12", "", "expected a number and a unit", "");
    check_fault("horizons: [90 days]\n", "E103", "1:12", "", "", "did you mean 90d?");
    check_fault("horizons: [1Y]\n", "E103", "1:12", "", "", "did you mean 1y?");
    check_fault("horizons: [1.5y]\n", "E103", "1:12", "", "expected a whole number", "");
    check_fault("horizons: [0d]\n", "E103", "1:12", "", "expected 1d to 36525d", "");
    check_fault("horizons: [-1d]\n", "E103", "1:12", "", "expected a whole number", "");
    check_fault("horizons: [101y]\n", "E103", "1:12", "", "expected 1y to 100y", "");
    check_fault("horizons: [99999999999999999999d]\n", "E103", "1:12", "", "", "");
    check_fault("horizons: [y]\n", "E103", "1:12", "", "", "");
    check_fault("horizons: [1y, 90d, 1y]\n", "E103", "1:21", "horizon 1y is given twice",
                "1y, earlier in the list, is as long", "remove one of them");
    check_fault("horizons: [12m, 1y]\n", "E103", "1:17", "horizon 1y is given twice",
                "12m, earlier in the list", "");
    check_fault("horizons: [1w, 7d]\n", "E103", "1:16", "horizon 7d is given twice", "", "");
    check_fault("horizons:\n  - 90d\n  -\n", "E103", "3:4", "", "", "");
    ptn_config config = read_fine("currency: GBP\nhorizons: [365d, 1y, 52w, 36525d, 1d]\n");
    CHECK_EQ_INT(config.horizon_count, 5);
    ptn_config_free(&config);
}

TEST(discounting)
{
    check_fault("discount_rate: 0.1\ndiscount_curve: [{rate: 0.1}]\n", "E103", "2:17",
                "discount_rate and discount_curve are both given", "which of the two counts is not guessed",
                "remove one of them");
    check_fault("discount_curve: [{rate: 0.1}]\ndiscount_rate: 0.1\n", "E103", "2:16",
                "discount_rate and discount_curve are both given", "", "");
    check_fault("discount_curve: [{rate: 0.1}, {rate: 0.2}]\n", "E107", "1:18",
                "a stretch of discount_curve needs \"until\"", "only the last one goes on for ever", "");
    check_fault("discount_curve: [{until: 2y, rate: 0.1}, {until: 24m, rate: 0.2}]\n", "E103", "1:42",
                "a stretch of discount_curve ends before it starts",
                "it starts at 2y, where the one before ends, and ends at 24m", "");
    check_fault("discount_curve: [{until: 2y, rate: -1}]\n", "E103", "1:36", "rate cannot be \"-1\"", "", "");
    check_fault("discount_curve: [{until: soon, rate: 0.1}]\n", "E103", "1:26", "until cannot be \"soon\"",
                "", "for example  until: 2y");
    check_fault("discount_curve: 0.1\n", "E103", "1:17", "discount_curve cannot be \"0.1\"",
                "expected a group with the keys name, until, rate", "");
    char text[200];
    snprintf(text, sizeof text, "discount_curve: [{name: %080d, rate: 0.1}]\n", 0);
    check_fault(text, "E103", "1:25", "", "expected at most 63 bytes", "");
}

TEST(choices)
{
    check_fault("time_unit: dya\n", "E103", "1:12", "time_unit cannot be \"dya\"", "expected day",
                "did you mean \"day\"?");
    check_fault("time_unit: week\n", "E103", "1:12", "", "", "for example  time_unit: day");
    check_fault("duplicates: Keep\n", "E103", "1:13", "", "expected keep or drop", "did you mean \"keep\"?");
    check_fault("forecast: {season: maybe}\n", "E103", "1:20", "", "expected auto, on or off", "");
    check_fault("forecast: {prior: strong}\n", "E103", "1:19", "", "expected weak or none", "");
    check_fault("forecast: {models: [bg_nbd, auto]}\n", "E103", "1:29", "models cannot be \"auto\"",
                "auto tries all models, so it stands alone", "");
    check_fault("forecast: {models: [bg_nbd, BG_NBD]}\n", "E103", "1:29", "", "it is in the list already",
                "");
    check_fault("forecast: {models: [bg-nbd]}\n", "E103", "1:21", "models cannot be \"bg-nbd\"",
                "expected letters, digits and _", "");
}

TEST(attached_databases)
{
    check_fault("attach: [{name: a, type: postgresql, dsn: x}]\n", "E103", "1:26",
                "type cannot be \"postgresql\"", "expected postgres, sqlite, mysql or duckdb",
                "did you mean \"postgres\"?");
    check_fault("attach: [{name: my crm, type: sqlite, dsn: x}]\n", "E103", "1:17",
                "name cannot be \"my crm\"", "expected letters, digits and _", "");
    check_fault("attach: [{name: 2crm, type: sqlite, dsn: x}]\n", "E103", "1:17", "", "no digit at the start",
                "");
    check_fault("attach: [{name: Main, type: sqlite, dsn: x}]\n", "E103", "1:17", "",
                "DuckDB or patron uses this name itself", "");
    check_fault("attach: [{name: a, type: sqlite, dsn: ''}]\n", "E103", "1:39", "dsn is empty", "", "");
    check_fault("attach: [{name: a, type: sqlite, dsn: [x]}]\n", "E103", "1:39", "dsn cannot be a list", "",
                "");
    check_fault("attach:\n  - {name: a, type: sqlite, dsn: x}\n  - {name: A, type: duckdb, dsn: y}\n", "E104",
                "3:5", "two databases are attached as \"A\"", "capitals make no difference in SQL", "");
}

TEST(names_that_a_build_has_for_itself_are_no_databases)
{
    /* by DuckDB; by a build, which attaches the store before and works on building.duckdb; and the schemas of a store */
    static const char *const taken[] = {"main", "temp", "system", "memory", "information_schema", "pg_catalog", "building", "patron_previous",
                                        "patron_before", "record", "identify", "history", "forecast", "track_record", "value", "share", "SHARE"};
    for (unsigned i = 0; i < sizeof taken / sizeof *taken; i++) {
        char text[120], what[80];
        snprintf(text, sizeof text, "attach: [{name: %s, type: sqlite, dsn: x}]\n", taken[i]);
        snprintf(what, sizeof what, "name cannot be \"%s\"", taken[i]);
        check_fault(text, "E103", "1:17", what, "DuckDB or patron uses this name itself", "");
    }
}

TEST(a_missing_environment_variable_is_named_where_it_stands)
{
    unsetenv("PTN_TEST_MISSING");
    setenv("PTN_TEST_PASSWORD", "hunter2", 1);
    ptn_config config;
    ptn_problem problem;
    CHECK_EQ_INT(parse("attach:\n  - {name: crm, type: postgres, dsn: \"host=${PTN_TEST_PASSWORD} "
                       "user=${PTN_TEST_MISSING}\"}\n",
                       &config, &problem),
                 PATRON_EDATA);
    CHECK_STR(problem.code, "E105");
    CHECK_STR(problem.what, "the environment variable PTN_TEST_MISSING is not set");
    CHECK_STR(problem.where, "patron.yaml:2:70");
    CHECK_STR(problem.why, "the dsn refers to it");
    CHECK_STR(problem.fix, "export PTN_TEST_MISSING=...   before patron is started");
    CHECK_STR(strrchr(problem.excerpt, ' ') + 1, "^^^^^^^^^^^^^^^^^^^");
    CHECK(!memmem(&problem, sizeof problem, "hunter2", 7));

    check_fault("attach: [{name: a, type: sqlite, dsn: 'a${b'}]\n", "E103", "1:41",
                "dsn has a ${ that does not name an environment variable", "expected ${NAME}", "");
    check_fault("attach: [{name: a, type: sqlite, dsn: '${}'}]\n", "E103", "1:40", "", "", "");
    check_fault("attach: [{name: a, type: sqlite, dsn: '${A B}'}]\n", "E103", "1:40", "", "", "");
    check_fault("attach: [{name: a, type: sqlite, dsn: '${1A}'}]\n", "E103", "1:40", "", "", "");
}

/* Whatever is wrong with the file, and wherever: no secret of it, or of the environment, is repeated. */
TEST(secrets_are_not_repeated)
{
    setenv("PTN_TEST_PASSWORD", "hunter2", 1);
    static const char *const faults[] = {
        "attach: [{name: a, type: oracle, dsn: 'password=hunter2'}]\n",
        "attach: [{name: a, type: sqlite, dsn: 'password = hunter2', colour: red}]\n",
        "attach: [{name: a, dsn: \"postgres://ada:hunter2@db/crm\", typ: mysql}]\n",
        "attach: [{name: a, type: sqlite, dsn: '${PTN_TEST_PASSWORD}', dsn: x}]\n",
        "attach: [{name: a, type: sqlite, dsn: '${PTN_TEST_PASSWORD}${nothing'}]\n",
        "attach: [{name: a, type: sqlite, dsn: '${PTN_TEST_PASSWORD}'}, {name: b}]\n",
        "attach: [{name: a, type: sqlite, dsn: '${PTN_TEST_PASSWORD}'}, {name: a, type: sqlite, dsn: x}]\n",
        "attach:\n  - name: a\n    password: hunter2\n",
        "attach:\n  - name: a\n    Password: 'hunter2\n",
        "attach: [{name: a, type: sqlite, dsn: \"user=ada token=hunter2}]\n",
        "attach: [{name: a, type: sqlite, dsn: ['pwd=hunter2']}]\n",
        "attach: [{name: a, type: sqlite, dsn: \"pwd=hunter2\\n\"}]\n",
        "\"password\" : hunter2\n",
        "secret_key: hunter2 hunter2\n",
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        ptn_config config;
        ptn_problem problem;
        CHECK_EQ_INT(parse(faults[i], &config, &problem), PATRON_EDATA);
        if (memmem(&problem, sizeof problem, "hunter2", 7))
            CHECK_STR(problem.excerpt, faults[i]);
    }
    ptn_config config;
    ptn_problem problem;
    CHECK_EQ_INT(parse("password: \xC3\xA9t\xC3\xA9 x ${Y}\n", &config, &problem), PATRON_EDATA);
    CHECK_STR(problem.excerpt, "1 | password: *** * ${Y}\n    ^^^^^^^^");
}

/* ---- files ---- */

static char folder[] = "/tmp/ptn_config_XXXXXX";

static void write_file(const char *path, const char *text, size_t length)
{
    FILE *const file = fopen(path, "wb");
    CHECK(file != NULL);
    CHECK_EQ_INT(fwrite(text, 1, length, file), length);
    CHECK_EQ_INT(fclose(file), 0);
}

TEST(a_file_is_read_and_named_after_its_folder)
{
    char path[256], shop[128];
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(shop, sizeof shop, "%s/corner shop", folder);
    snprintf(path, sizeof path, "%s/patron.yaml", shop);
    CHECK_EQ_INT(mkdir(shop, 0700), 0);

    ptn_config config;
    ptn_problem problem;
    CHECK_EQ_INT(ptn_config_load(path, &config, &problem), PATRON_EIO);
    CHECK_STR(problem.code, "E106");
    CHECK_STR(problem.where, path);
    CHECK(strstr(problem.what, "there is no ") == problem.what);
    CHECK(strstr(problem.fix, "patron new") != NULL);

    write_file(path, "currency: GBP\n", 14);
    CHECK_EQ_INT(ptn_config_load(path, &config, &problem), PATRON_OK);
    CHECK_STR(config.name, "corner shop");
    ptn_config_free(&config);

    char here[1024];
    CHECK(getcwd(here, sizeof here) != NULL);
    CHECK_EQ_INT(chdir(shop), 0);
    const patron_status status = ptn_config_load("patron.yaml", &config, &problem);
    CHECK_EQ_INT(chdir(here), 0);
    CHECK_EQ_INT(status, PATRON_OK);
    CHECK_STR(config.name, "corner shop");
    ptn_config_free(&config);

    write_file(path, "name: Mine\ncurrency: GBP\n", 25);
    CHECK_EQ_INT(ptn_config_load(path, &config, &problem), PATRON_OK);
    CHECK_STR(config.name, "Mine");
    ptn_config_free(&config);

    write_file(path, "curency: GBP\n", 13);
    CHECK_EQ_INT(ptn_config_load(path, &config, &problem), PATRON_EDATA);
    CHECK_STR(problem.where, "patron.yaml:1:1");

    const size_t size = PTN_SETTINGS_BYTES_MAX + 1;
    char *const large = malloc(size);
    CHECK(large != NULL);
    memset(large, '#', size);
    memcpy(large, "currency: GBP\n", 14);
    write_file(path, large, size);
    CHECK_EQ_INT(ptn_config_load(path, &config, &problem), PATRON_EDATA);
    CHECK_STR(problem.code, "E106");
    CHECK_STR(problem.what, "patron.yaml is too large");
    write_file(path, large, size - 1);
    CHECK_EQ_INT(ptn_config_load(path, &config, &problem), PATRON_OK);
    ptn_config_free(&config);
    free(large);

    CHECK_EQ_INT(ptn_config_load(shop, &config, &problem), PATRON_EIO);
    CHECK_STR(problem.why, "it is a folder");
    CHECK_EQ_INT(unlink(path), 0);
    CHECK_EQ_INT(mkfifo(path, 0600), 0);
    CHECK_EQ_INT(ptn_config_load(path, &config, &problem), PATRON_EIO); /* and does not wait */
    CHECK_STR(problem.why, "it is not a file");
    CHECK_EQ_INT(unlink(path), 0);
    CHECK_EQ_INT(rmdir(shop), 0);
    CHECK_EQ_INT(rmdir(folder), 0);
}
