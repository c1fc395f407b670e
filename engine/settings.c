/* A settings file's nodes against a table of keys. */
#include "settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "settings_private.h"
#include "settings_text.h"

/* ---- faults at a value ---- */

static void point_at_node(const ptn_settings *file, const yaml_node_t *node, ptn_problem *problem)
{
    const size_t start = ptn_settings_byte(file, node->start_mark.index);
    size_t end = ptn_settings_byte(file, node->end_mark.index);
    const bool block =
        (node->type == YAML_MAPPING_NODE && node->data.mapping.style != YAML_FLOW_MAPPING_STYLE)
        || (node->type == YAML_SEQUENCE_NODE && node->data.sequence.style != YAML_FLOW_SEQUENCE_STYLE);
    if (block)
        end = start; /* its end mark is wherever the next key stands */
    ptn_settings_point(file, start, end, problem);
}

/* At most so many bytes of a value stand in a message, cut between characters. */
enum { QUOTED_BYTES = 60 };

static int quoted_length(const char *value)
{
    size_t length = strlen(value);
    if (length <= QUOTED_BYTES)
        return (int)length;
    length = QUOTED_BYTES;
    while (length > 0 && ptn_continues_character(value[length]))
        length--;
    return (int)length;
}

static void fault_at(const ptn_settings *file, const yaml_node_t *node, ptn_problem *problem,
                     const char *code, const char *what)
{
    ptn_problem_set(problem, PATRON_EDATA, code, "%s", what);
    point_at_node(file, node, problem);
}

patron_status ptn_setting_fault(const ptn_setting *setting, const char *code, const char *what, ...)
{
    char line[sizeof setting->problem->what];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(line, sizeof line, what, arguments);
    va_end(arguments);
    fault_at(setting->file, setting->node, setting->problem, code, line);
    ptn_problem_fix(setting->problem, "for example  %s", setting->key->example);
    return PATRON_EDATA;
}

patron_status ptn_setting_wrong(const ptn_setting *setting, const char *why, ...)
{
    const yaml_node_t *const node = setting->node;
    if (node->type != YAML_SCALAR_NODE) {
        ptn_setting_fault(setting, "E103", "%s cannot be %s", setting->key->name,
                          node->type == YAML_MAPPING_NODE ? "a group of keys" : "a list");
    } else {
        const char *const value = (const char *)node->data.scalar.value;
        const int length = quoted_length(value);
        ptn_setting_fault(setting, "E103", "%s cannot be \"%.*s%s\"", setting->key->name, length, value,
                          value[length] ? "..." : "");
    }
    va_list arguments;
    char line[sizeof setting->problem->why];
    va_start(arguments, why);
    vsnprintf(line, sizeof line, why, arguments);
    va_end(arguments);
    ptn_problem_why(setting->problem, "%s", line);
    return PATRON_EDATA;
}

void ptn_setting_point_at(const ptn_setting *setting, const char *part)
{
    const ptn_settings *const file = setting->file;
    const yaml_node_t *const node = setting->node;
    const size_t start = ptn_settings_byte(file, node->start_mark.index);
    const size_t end = ptn_settings_byte(file, node->end_mark.index);
    const char *const found = memmem(file->text + start, end - start, part, strlen(part));
    if (found) /* not when it was written with escapes or over two lines */
        ptn_settings_point(file, (size_t)(found - file->text), (size_t)(found - file->text) + strlen(part),
                       setting->problem);
}

void ptn_setting_position(const ptn_setting *setting, int *line, int *column)
{
    const yaml_node_t *const node = setting->node;
    ptn_position_of_byte(setting->file->text, ptn_settings_byte(setting->file, node->start_mark.index), line,
                         column);
}

/* ---- reading ---- */

/* `key:` with nothing behind it, or with one of YAML's words for nothing. */
static bool is_empty(const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    const char *const value = (const char *)node->data.scalar.value;
    return *value == '\0' || strcmp(value, "~") == 0 || strcasecmp(value, "null") == 0;
}

static void list_keys(const ptn_settings_key *keys, unsigned count, char *out, size_t size)
{
    size_t used = 0;
    for (unsigned i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", keys[i].name);
}

enum { KEYS_MAX = 64 }; /* of one table */

/* A mapping, and the table that says what may stand in it. */
struct group {
    ptn_settings *file;
    const yaml_node_t *mapping;
    bool whole_file; /* a missing key then has no place to point at */
    const char *name;
    const ptn_settings_key *keys;
    unsigned count;
    ptn_problem *problem;
};

static patron_status key_not_a_word(const struct group *group, const yaml_node_t *node)
{
    fault_at(group->file, node, group->problem, "E103", "a key must be a word");
    ptn_problem_why(group->problem, "this is %s",
                    node->type == YAML_MAPPING_NODE ? "a group of keys" : "a list");
    ptn_problem_fix(group->problem, "for example  %s", group->keys[0].example);
    return PATRON_EDATA;
}

static patron_status unknown_key(const struct group *group, const yaml_node_t *node)
{
    ptn_problem *const problem = group->problem;
    const char *const word = (const char *)node->data.scalar.value;
    const int length = quoted_length(word);
    char text[sizeof problem->fix];
    snprintf(text, sizeof text, "unknown key \"%.*s%s\"", length, word, word[length] ? "..." : "");
    fault_at(group->file, node, problem, "E102", text);
    ptn_problem_why(problem, "not one of the %u keys of %s", group->count, group->name);
    const char *names[KEYS_MAX];
    for (unsigned i = 0; i < group->count; i++)
        names[i] = group->keys[i].name;
    const char *const nearest = ptn_nearest(word, names, group->count);
    if (nearest) {
        ptn_problem_fix(problem, "did you mean \"%s\"?", nearest);
    } else {
        list_keys(group->keys, group->count, text, sizeof text);
        ptn_problem_fix(problem, "the keys are %s", text);
    }
    return PATRON_EDATA;
}

static patron_status key_twice(const struct group *group, const yaml_node_t *first, const yaml_node_t *node)
{
    char text[sizeof group->problem->what];
    snprintf(text, sizeof text, "key \"%s\" is given twice", (const char *)node->data.scalar.value);
    fault_at(group->file, node, group->problem, "E104", text);
    int line, column;
    ptn_position_of_byte(group->file->text, ptn_settings_byte(group->file, first->start_mark.index), &line,
                         &column);
    ptn_problem_why(group->problem, "%s has it in line %d already; which of the two counts is not guessed",
                    group->name, line);
    ptn_problem_fix(group->problem, "remove one of them");
    return PATRON_EDATA;
}

static patron_status key_without_value(const struct group *group, const yaml_node_t *node,
                                       const ptn_settings_key *key)
{
    char text[sizeof group->problem->what];
    snprintf(text, sizeof text, "%s has no value", key->name);
    fault_at(group->file, node, group->problem, "E103", text);
    ptn_problem_why(group->problem, "nothing stands behind its \":\"");
    ptn_problem_fix(group->problem, "for example  %s%s", key->example,
                    key->required ? "" : "   or remove the line");
    return PATRON_EDATA;
}

static patron_status key_missing(const struct group *group, const ptn_settings_key *key)
{
    ptn_problem_set(group->problem, PATRON_EDATA, "E107", "%s needs \"%s\"", group->name, key->name);
    if (group->whole_file)
        ptn_problem_where(group->problem, "%s", group->file->name);
    else
        point_at_node(group->file, group->mapping, group->problem);
    ptn_problem_why(group->problem, "it has no default");
    ptn_problem_fix(group->problem, "add  %s", key->example);
    return PATRON_EDATA;
}

static patron_status read_group(const struct group *group, void *target)
{
    patron_status status = PATRON_OK;
    const yaml_node_t *first[KEYS_MAX] = {0};
    const yaml_node_pair_t *const end = group->mapping->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = group->mapping->data.mapping.pairs.start; pair < end; pair++) {
        const yaml_node_t *const name = yaml_document_get_node(&group->file->document, pair->key);
        const yaml_node_t *const value = yaml_document_get_node(&group->file->document, pair->value);
        if (name->type != YAML_SCALAR_NODE)
            return key_not_a_word(group, name);
        unsigned i = 0;
        while (i < group->count && strcmp((const char *)name->data.scalar.value, group->keys[i].name) != 0)
            i++;
        if (i == group->count)
            return unknown_key(group, name);
        if (first[i])
            return key_twice(group, first[i], name);
        first[i] = name;
        if (is_empty(value))
            return key_without_value(group, name, &group->keys[i]);
        const ptn_setting setting = {group->file, &group->keys[i], value, group->problem};
        PTN_TRY(group->keys[i].read(&setting, target));
    }
    for (unsigned i = 0; i < group->count; i++)
        if (group->keys[i].required && !first[i])
            return key_missing(group, &group->keys[i]);
done:
    return status;
}

patron_status ptn_settings_read(ptn_settings *file, const ptn_settings_key *keys, unsigned count,
                                void *target, ptn_problem *problem)
{
    static const yaml_node_t no_keys = {.type = YAML_MAPPING_NODE};
    const yaml_node_t *root = yaml_document_get_root_node(&file->document);
    if (!root || is_empty(root))
        root = &no_keys;
    if (root->type != YAML_MAPPING_NODE) {
        fault_at(file, root, problem, "E103", "settings are lines of  key: value");
        ptn_problem_why(problem, "%s holds %s", file->name,
                        root->type == YAML_SEQUENCE_NODE ? "a list" : "a single value");
        ptn_problem_fix(problem, "for example  %s", keys[0].example);
        return PATRON_EDATA;
    }
    return read_group(&(struct group){file, root, true, file->name, keys, count, problem}, target);
}

patron_status ptn_setting_read_mapping(const ptn_setting *setting, const char *group,
                                       const ptn_settings_key *keys, unsigned count, void *target)
{
    const yaml_node_t *const node = setting->node;
    if (node->type != YAML_MAPPING_NODE) {
        char names[sizeof setting->problem->why];
        list_keys(keys, count, names, sizeof names);
        return ptn_setting_wrong(setting, "expected a group with the keys %s", names);
    }
    const struct group inner = {setting->file, node, false, group, keys, count, setting->problem};
    return read_group(&inner, target);
}

patron_status ptn_setting_text(const ptn_setting *setting, const char **out)
{
    const yaml_node_t *const node = setting->node;
    *out = "";
    if (node->type != YAML_SCALAR_NODE)
        return ptn_setting_wrong(setting, "expected a single value");
    const char *const value = (const char *)node->data.scalar.value;
    for (size_t i = 0; i < node->data.scalar.length; i++) {
        if ((unsigned char)value[i] >= ' ' && value[i] != 0x7F)
            continue;
        ptn_setting_fault(setting, "E103", "%s has a line end, tab or control character in it",
                          setting->key->name);
        ptn_problem_why(setting->problem, "expected one line of text");
        return PATRON_EDATA;
    }
    *out = value;
    return PATRON_OK;
}

patron_status ptn_setting_read_choice(const ptn_setting *setting, void *target)
{
    patron_status status;
    const char *value;
    PTN_TRY(ptn_setting_text(setting, &value));
    unsigned count = 0;
    for (const char *const *choices = setting->key->choices; choices[count]; count++) {
        if (strcmp(choices[count], value) == 0) {
            memcpy((char *)target + setting->key->offset, &count, sizeof count);
            return PATRON_OK;
        }
    }
    char words[256];
    size_t used = 0;
    for (unsigned i = 0; i < count && used < sizeof words; i++)
        used += (size_t)snprintf(words + used, sizeof words - used, "%s%s",
                                 i == 0           ? ""
                                 : i + 1 == count ? " or "
                                                  : ", ",
                                 setting->key->choices[i]);
    status = ptn_setting_wrong(setting, "expected %s", words);
    const char *const nearest = ptn_nearest(value, setting->key->choices, count);
    if (nearest)
        ptn_problem_fix(setting->problem, "did you mean \"%s\"?", nearest);
done:
    return status;
}

patron_status ptn_setting_items(const ptn_setting *setting, unsigned most, unsigned *count)
{
    const yaml_node_t *const node = setting->node;
    *count = 1;
    if (node->type != YAML_SEQUENCE_NODE)
        return PATRON_OK;
    const size_t items = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (items == 0 || items > most) {
        ptn_setting_fault(setting, "E103", items == 0 ? "%s is an empty list" : "%s is too long a list",
                          setting->key->name);
        ptn_problem_why(setting->problem, "expected 1 to %u items", most);
        return PATRON_EDATA;
    }
    *count = (unsigned)items;
    return PATRON_OK;
}

ptn_setting ptn_setting_item(const ptn_setting *setting, unsigned index)
{
    const yaml_node_t *const node = setting->node;
    ptn_setting item = *setting;
    if (node->type == YAML_SEQUENCE_NODE)
        item.node = yaml_document_get_node(&setting->file->document, node->data.sequence.items.start[index]);
    return item;
}
