/* patron: the command. One table of verbs; help, completion and the manual page read the same table. */
#include <stdio.h>
#include <string.h>

#include "paint.h"
#include "patron.h"
#include "verb.h"

static const verb_option no_options[] = {{NULL, NULL, NULL}};

static const verb_option help_options[] = {
    {"--man", NULL, "all of it as a manual page: patron help --man | man -l -"},
    {NULL, NULL, NULL},
};
static const verb_option build_options[] = {
    {"--as-of", "DATE", "pretend today is DATE (default: the last day of the ledger)"},
    {"--dry-run", NULL, "say what would run, and how many rows; write nothing"},
    {"--from", "record|identify|history|forecast|value|share", "run a stage again and all after it, though nothing changed"},
    {"--full", NULL, "forget nothing, read everything again"},
    {"--json", NULL, "one JSON object on stdout"},
    {"--quiet", NULL, "errors only"},
    {"--warnings", NULL, "list the warnings of the last run, each with what to do"},
    {NULL, NULL, NULL},
};
static const verb_option check_options[] = {
    {"--all", NULL, "every candidate, every measure, every day tried"},
    {"--json", NULL, "one JSON object on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option diff_options[] = {
    {"--json", NULL, "one JSON object on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option doctor_options[] = {
    {"--json", NULL, "one JSON object on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option models_options[] = {
    {"--json", NULL, "one JSON object on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option new_options[] = {
    {"--currency", "CODE", "three letters: all money is told in it"},
    {"--name", "NAME", "of the project (default: from the data's)"},
    {"--out", "DIR", "the folder to write (default: NAME)"},
    {"--customer", "COLUMN", "who it is, when another was taken"},
    {"--occurred-at", "COLUMN", "when it was"},
    {"--amount", "EXPR", "how much: a column, or 'quantity * price'"},
    {"--dates", "dmy|mdy", "how 03/04/2024 is read: day or month first"},
    {"--json", NULL, "one JSON object on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option reconcile_options[] = {
    {"--total", "AMOUNT", "finance's figure for everything"},
    {"--by", "year|month|day|kind|source|channel", "in groups"},
    {"--against", "FILE", "a CSV of group,amount: finance's figure for each"},
    {"--currency", "CODE", "money in this currency (default: each)"},
    {"--json", NULL, "one JSON object on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option report_options[] = {
    {"--out", "FILE", "where to write it (default: report.html in the project's folder)"},
    {"--with-names", NULL, "names and keys of customers too; without it neither is in the file"},
    {"--json", NULL, "the data alone, on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option show_options[] = {
    {"--why", "identity,value", "how it was made, down to the rows"},
    {"--timeline", NULL, "everything that happened, the latest first"},
    {"--json", NULL, "one JSON object on stdout"},
    {NULL, NULL, NULL},
};
static const verb_option sql_options[] = {
    {"--csv", NULL, "comma-separated values, with a header"},
    {"--json", NULL, "one JSON array on stdout"},
    {"-f", "FILE", "read the statement from FILE"},
    {NULL, NULL, NULL},
};

const verb verbs[] = {
    {"new", "Start", "look at data, draft a project", "patron new FILE|FOLDER|DATABASE... [options]", new_options,
     "Looks at CSV, Parquet or JSON files, or at the tables of a database (sqlite:FILE, duckdb:FILE, postgres://...), says "
     "which columns it takes and why, and writes a folder with patron.yaml and one SELECT a source. No data is copied.\n"
     "Exit 0 fine · 1 no draft, nothing written · 2 wrong use, or a question that a script must answer\n"
     "Examples\n"
     "  patron new orders.csv\n"
     "  patron new data --name shop --currency EUR --json",
     run_new},
    {"build", "Start", "run what changed, publish", "patron build [DIR] [options]", build_options,
     "DIR is the project (default: this folder or one above it).\n"
     "Exit 0 fine · 1 failed, last good build kept · 2 wrong use\n"
     "Examples\n"
     "  patron build                               in a project's folder\n"
     "  patron build --dry-run                     what has changed?\n"
     "  patron build shop 2>>build.log             one line an event, for a log\n"
     "  patron build shop --json | jq .money       in a pipeline",
     run_build},
    {"show", "Look", "one customer: the card", "patron show [DIR] CUSTOMER [options]", show_options,
     "CUSTOMER is a person id (p_12), a key, source:key, a name or an e-mail, or a part of one.\n"
     "Exit 0 fine · 1 nobody found, or several: they are listed · 2 wrong use\n"
     "Examples\n"
     "  patron show 12980\n"
     "  patron show shop ada.mensah@example.org --why value\n"
     "  patron show p_12 --json | jq .worth",
     run_show},
    {"check", "Look", "can it be believed?", "patron check [DIR] [--all] [--json]", check_options,
     "What was forecast on days that no choice of a model had seen, beside what came. Fine: totals within 5 %, and "
     "ranges of 8 in 10 that held for 76 to 84 of 100; so-so: within 15 %, and 72 to 88. One standard deviation of luck is "
     "taken off first.\n"
     "Limits stand in patron.yaml:  check: {total_within: 15%, held_within: 8%, beats_same_rate: yes}\n"
     "Exit 0 · 1 when a limit is missed, or it cannot be read · 2 wrong use\n"
     "Examples\n"
     "  patron check\n"
     "  patron check --all\n"
     "  patron check shop --json | jq .verdict",
     run_check},
    {"report", "Look", "one HTML file for everyone", "patron report [DIR] [options]", report_options,
     "One file that opens in any browser, on paper and without a network: what is coming, who makes it, how far off such a "
     "forecast was, and whether the money adds up. It holds all totals and the 500 customers worth most.\n"
     "Exit 0 · 1 nothing was built, or it cannot be written · 2 wrong use\n"
     "Examples\n"
     "  patron report                 writes report.html into the project's folder\n"
     "  patron report shop --out /tmp/board.html\n"
     "  patron report shop --json | jq .headline",
     run_report},
    {"reconcile", "Look", "does the money tie to finance's figure?", "patron reconcile [DIR] [options]", reconcile_options,
     "Exit 0 when every figure ties · 1 when one does not · 2 wrong use\n"
     "Examples\n"
     "  patron reconcile --total 18909744.10 --by month\n"
     "  patron reconcile --by month --against finance.csv",
     run_reconcile},
    {"sql", "Look", "ask the tables", "patron sql [DIR] \"SELECT ...\" [options]", sql_options,
     "The published tables, read-only: patron sql \"SHOW TABLES\" names them, \"DESCRIBE ledger\" the columns of one.\n"
     "Exit 0 fine · 1 the statement cannot be run · 2 wrong use\n"
     "Examples\n"
     "  patron sql \"FROM quarantine\"\n"
     "  patron sql shop \"SELECT kind, sum(amount) FROM ledger GROUP BY kind\" --csv",
     run_sql},
    {"diff", "Look", "what changed between two builds, and why", "patron diff [DIR] [RUN [RUN]] [--json]", diff_options,
     "RUN is a build, as c7f3; default: the last two. These are kept whole; of older ones the values are remembered.\n"
     "The change of each value is told in two parts that add up: other purchases are expected, and each has another worth.\n"
     "Exit 0 · 1 when there is nothing to compare · 2 wrong use\n"
     "Examples\n"
     "  patron diff\n"
     "  patron diff shop c7f3 --json | jq .value",
     run_diff},
    {"doctor", "More", "is everything in place?", "patron doctor [DIR] [--json]", doctor_options,
     "Do the sources answer, is there room, who can read .patron, is what is published there and current? Changes nothing.\n"
     "Exit 0 nothing to fix · 1 something is\n"
     "Examples\n"
     "  patron doctor\n"
     "  patron doctor shop --json | jq .to_fix",
     run_doctor},
    {"models", "More", "the models of buying and leaving", "patron models [--json]", models_options,
     "Each with its parameters, what it says of people, and its source. They are also SQL functions:\n"
     "  patron sql \"FROM pareto_nbd_model_of('states')\"\n"
     "  patron sql \"FROM forecast_scores('states', model := 'bg_nbd', horizon := 90)\"",
     run_models},
    {"completion", "More", "what a shell offers after Tab", "patron completion bash|zsh|fish", no_options,
     "Examples\n"
     "  source <(patron completion bash)            in ~/.bashrc\n"
     "  patron completion fish > ~/.config/fish/completions/patron.fish",
     run_completion},
    {"help", "More", "this, or one verb, or: streams", "patron help [VERB | streams [STREAM]]", help_options, "", run_help},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

const verb *verb_find(const char *name)
{
    for (const verb *v = verbs; v->name; v++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}

int verb_unknown(const char *name, const char *also)
{
    const char *names[64];
    unsigned count = 0;
    for (const verb *v = verbs; v->name && count < 63; v++)
        names[count++] = v->name;
    if (also)
        names[count++] = also;
    const char *near = ptn_nearest(name, names, count);
    fprintf(stderr, "patron: no verb \"%s\"", name);
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    fprintf(stderr, "\n  patron help   lists them\n");
    return EXIT_WRONG_USE;
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        char *help[] = {(char *)"help", NULL};
        return run_help(1, help);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("patron %s\n", PATRON_VERSION);
        return EXIT_FINE;
    }
    const verb *v = verb_find(argv[1]);
    if (!v)
        return verb_unknown(argv[1], NULL);
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            char *help[] = {(char *)"help", argv[1], NULL};
            return run_help(2, help);
        }
    const int code = v->run(argc - 1, argv + 1);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "patron: cannot write the result\n");
        return EXIT_FAILED;
    }
    return code;
}
