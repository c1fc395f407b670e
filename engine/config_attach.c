#include "config_attach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config_readers.h"
#include "text.h"

static const char *const ATTACH_TYPES[] = {"postgres", "sqlite", "mysql", "duckdb", NULL};

const char *ptn_attach_type_word(ptn_attach_type type)
{
    return ATTACH_TYPES[type];
}

static patron_status read_attach_name(const ptn_setting *setting, void *target)
{
    /* Databases that DuckDB or a build has open under these names, and schemas of the store. */
    static const char *const taken[] = {"main", "temp", "system", "memory", "building", "patron_previous", "patron_before", "record", "identify",
                                        "history", "forecast", "track_record", "value", "share", "information_schema", "pg_catalog"};
    patron_status status;
    ptn_attachment *const attachment = target;
    ptn_why why;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (!ptn_read_identifier(text, attachment->name, &why))
        return ptn_setting_refused(setting, &why);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcasecmp(text, taken[i]) == 0)
            return ptn_setting_wrong(setting, "DuckDB or patron uses this name itself");
done:
    return status;
}

static bool is_variable_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char c = name[i];
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return length > 0;
}

/* Writes the value of ${NAME}, which starts at `at`, to `out`; *length is how much of the text that was.
 * No value of a variable, and nothing around it, may get into a message. */
static patron_status add_variable(const ptn_setting *setting, const char *at, ptn_text *out, size_t *length)
{
    enum { LONGEST = 200 };
    const char *const close = strchr(at, '}');
    if (!close || close - at - 2 > LONGEST || !is_variable_name(at + 2, (size_t)(close - at - 2))) {
        ptn_setting_fault(setting, "E103", "dsn has a ${ that does not name an environment variable");
        ptn_problem_why(setting->problem, "expected ${NAME}: letters, digits and _");
        ptn_setting_point_at(setting, "${");
        return PATRON_EDATA;
    }
    char name[LONGEST + 1];
    snprintf(name, sizeof name, "%.*s", (int)(close - at - 2), at + 2);
    const char *const value = getenv(name);
    if (!value) {
        char reference[LONGEST + 4];
        snprintf(reference, sizeof reference, "${%s}", name);
        ptn_setting_fault(setting, "E105", "the environment variable %s is not set", name);
        ptn_setting_point_at(setting, reference);
        ptn_problem_why(setting->problem, "the dsn refers to it");
        ptn_problem_fix(setting->problem, "export %s=...   before patron is started", name);
        return PATRON_EDATA;
    }
    ptn_text_add(out, value);
    *length = (size_t)(close - at) + 1;
    return PATRON_OK;
}

static patron_status read_attach_dsn(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_attachment *const attachment = target;
    ptn_text dsn = {0};
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    while (*text) {
        const char *const variable = strstr(text, "${");
        size_t length = variable ? (size_t)(variable - text) : strlen(text);
        ptn_text_addn(&dsn, text, length);
        text += length;
        if (variable) {
            PTN_TRY(add_variable(setting, text, &dsn, &length));
            text += length;
        }
    }
    if (dsn.failed) {
        status = ptn_out_of_memory(setting->problem);
        goto done;
    }
    if (dsn.length == 0) {
        ptn_setting_fault(setting, "E103", "dsn is empty");
        ptn_problem_why(setting->problem, "expected where the database is");
        status = PATRON_EDATA;
        goto done;
    }
    attachment->dsn = dsn.data;
    dsn = (ptn_text){0};
done:
    if (dsn.data)
        explicit_bzero(dsn.data, dsn.capacity);
    ptn_text_free(&dsn);
    return status;
}

static const ptn_settings_key ATTACH_KEYS[] = {
    {.name = "name", .example = "name: crm", .required = true, .read = read_attach_name},
    {.name = "type",
     .example = "type: postgres",
     .required = true,
     .read = ptn_setting_read_choice,
     .offset = offsetof(ptn_attachment, type),
     .choices = ATTACH_TYPES},
    {.name = "dsn",
     .example = "dsn: \"host=db dbname=crm password=${CRM_PASSWORD}\"",
     .required = true,
     .read = read_attach_dsn},
};

patron_status ptn_config_read_attach(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    /* The count goes first: what a fault leaves half read is freed by it. */
    PTN_TRY(ptn_setting_items(setting, PTN_ATTACH_MAX, &config->attach_count));
    for (unsigned i = 0; i < config->attach_count; i++) {
        const ptn_setting item = ptn_setting_item(setting, i);
        ptn_attachment *const attachment = &config->attach[i];
        PTN_TRY(ptn_setting_read_mapping(&item, "an entry of attach", ATTACH_KEYS,
                                         sizeof ATTACH_KEYS / sizeof *ATTACH_KEYS, attachment));
        ptn_setting_position(&item, &attachment->line, &attachment->column);
        for (unsigned j = 0; j < i; j++) {
            if (strcasecmp(config->attach[j].name, attachment->name) != 0)
                continue;
            ptn_setting_fault(&item, "E104", "two databases are attached as \"%s\"", attachment->name);
            ptn_problem_why(setting->problem,
                            "sources could not tell them apart; capitals make no difference in SQL");
            ptn_problem_fix(setting->problem, "give each its own name");
            return PATRON_EDATA;
        }
    }
done:
    return status;
}

void ptn_config_forget_dsn(ptn_attachment *attachment)
{
    if (attachment->dsn)
        explicit_bzero(attachment->dsn, strlen(attachment->dsn));
    free(attachment->dsn);
    attachment->dsn = NULL;
}
