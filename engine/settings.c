#include "settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "settings_text.h"

struct ptn_settings {
    const char *name; /* the caller's */
    char *text;       /* as written; libyaml's marks count its characters */
    char *shown;      /* for excerpts: the same, with passwords starred */
    size_t length;
    yaml_document_t document;
    bool loaded;
};

/* ---- positions ---- */

static size_t byte_of_character(const ptn_settings *file, size_t index)
{
    return ptn_byte_of_character(file->text, file->length, index);
}

/* `end` may lie lines further on: the excerpt cuts the caret at the end of the line. */
static void point_at_bytes(const ptn_settings *file, size_t start, size_t end, ptn_problem *problem)
{
    int line, column, width = 0;
    ptn_position_of_byte(file->text, start, &line, &column);
    for (size_t at = start; at < end; at++)
        width += !ptn_continues_character(file->text[at]);
    ptn_problem_where(problem, "%s:%d:%d", file->name, line, column);
    ptn_problem_excerpt(problem, file->shown, line, column, width);
}

static void point_at_node(const ptn_settings *file, const yaml_node_t *node, ptn_problem *problem)
{
    const size_t start = byte_of_character(file, node->start_mark.index);
    size_t end = byte_of_character(file, node->end_mark.index);
    const bool block =
        (node->type == YAML_MAPPING_NODE && node->data.mapping.style != YAML_FLOW_MAPPING_STYLE)
        || (node->type == YAML_SEQUENCE_NODE && node->data.sequence.style != YAML_FLOW_SEQUENCE_STYLE);
    if (block)
        end = start; /* its end mark is wherever the next key stands */
    point_at_bytes(file, start, end, problem);
}

/* ---- opening ---- */

static const struct syntax_fault {
    const char *yaml; /* libyaml's words */
    const char *what; /* ours */
    const char *fix;
    bool at_start; /* point at where the construct began, not at where libyaml gave up */
} SYNTAX_FAULTS[] = {
    {"found unexpected end of stream", "a quote is opened and never closed", "close the quote", true},
    {"found unexpected document indicator", "a quote is opened and never closed", "close the quote", true},
    {"did not find expected ',' or ']'", "a list [...] is not closed, or a comma is missing in it",
     "separate the items by commas and close with ]", true},
    {"did not find expected ',' or '}'", "a group {...} is not closed, or a comma is missing in it",
     "separate the keys by commas and close with }", true},
    {"did not find expected key",
     "this line does not fit the one above: its indentation, or text after a value",
     "start keys of one group in the same column; put a value with special signs in quotes", false},
    {"did not find expected '-' indicator", "this line does not continue the list above it",
     "start every item with - in the same column", false},
    {"could not find expected ':'", "a key without its \":\"", "write  key: value", true},
    {"mapping values are not allowed in this context", "a \":\" where no key can stand",
     "put a value that contains \": \" in quotes, or start the key in the column of the others", false},
    {"mapping keys are not allowed in this context", "a \"?\" where no key can stand",
     "put the value in quotes", false},
    {"block sequence entries are not allowed in this context", "a list item where no list can stand",
     "start the list on a line of its own, or write it as [a, b]", false},
    {"found character that cannot start any token", "a value cannot start with this sign",
     "put the value in quotes", false},
    {"found unknown escape character", "a backslash in double quotes starts an escape, and this is none",
     "write \\\\ for a backslash, or use single quotes", false},
    {"found undefined alias", "a * refers to an anchor that is not in the file",
     "put a value that starts with * in quotes", false},
    {"second occurrence", "an anchor (&name) is given twice", "give each anchor its own name", false},
    {"found undefined tag handle", "a ! starts a tag that YAML does not know",
     "put a value that starts with ! in quotes", false},
    {"did not find expected node content", "a value is missing here", "write the value, or remove the comma",
     false},
    {"did not find expected <document start>", "text after the end of the settings",
     "remove what follows \"...\"", false},
    {"did not find expected alphabetic or numeric character", "a & or * without a name",
     "put a value that starts with & or * in quotes", false},
    {"could not find expected directive name", "a line that starts with %", "put the value in quotes", false},
    {"found unknown directive name", "a line that starts with %", "put the value in quotes", false},
    {"did not find expected comment or line break", "text after the sign that starts a block of text",
     "start the text on the next line", false},
};

static bool indented_by_tab(const char *text, size_t at)
{
    if (text[at] == '\t')
        return true;
    while (at > 0 && text[at - 1] != '\n' && text[at - 1] != '\r')
        at--;
    const size_t spaces = strspn(text + at, " ");
    return text[at + spaces] == '\t';
}

static patron_status syntax_fault(const ptn_settings *file, const yaml_parser_t *parser, ptn_problem *problem)
{
    const char *const words = parser->problem;
    if (!words) /* libyaml has words for every fault but this one, and not always the error's number */
        return ptn_out_of_memory(problem);
    const struct syntax_fault *known = NULL;
    for (size_t i = 0; i < sizeof SYNTAX_FAULTS / sizeof *SYNTAX_FAULTS; i++)
        if (strcmp(words, SYNTAX_FAULTS[i].yaml) == 0)
            known = &SYNTAX_FAULTS[i];

    size_t index = parser->problem_mark.index;
    if (known && known->at_start && parser->context)
        index = parser->context_mark.index;
    size_t at = byte_of_character(file, index);
    if (parser->error == YAML_READER_ERROR)
        at = parser->problem_offset < file->length ? parser->problem_offset : file->length;
    /* At the end of the file there is nothing to see: show the end of the last line. */
    if (at == file->length)
        while (at > 0 && (file->text[at - 1] == '\n' || file->text[at - 1] == '\r'))
            at--;

    if (indented_by_tab(file->text, at)) {
        ptn_problem_set(problem, PATRON_EDATA, "E101", "a tab where YAML wants spaces");
        ptn_problem_fix(problem, "indent with spaces");
    } else {
        ptn_problem_set(problem, PATRON_EDATA, "E101", "%s", known ? known->what : words);
        ptn_problem_fix(problem, "%s", known ? known->fix : "put a value with special signs in quotes");
    }
    point_at_bytes(file, at, at + 1 > file->length ? at : at + 1, problem);
    ptn_problem_why(problem, "the YAML reader says: %s%s%s", words, parser->context ? " " : "",
                    parser->context ? parser->context : "");
    return PATRON_EDATA;
}

static patron_status not_text(const ptn_settings *file, size_t at, ptn_problem *problem)
{
    const char *const text = file->text;
    ptn_problem_set(problem, PATRON_EDATA, "E106", "%s is not a text file in UTF-8", file->name);
    const bool utf16 =
        file->length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
    if (utf16) {
        ptn_problem_where(problem, "%s", file->name);
        ptn_problem_why(problem, "it is in UTF-16, as some editors call \"Unicode\"");
    } else {
        int line, column;
        ptn_position_of_byte(text, at, &line, &column);
        ptn_problem_where(problem, "%s:%d:%d", file->name, line, column);
        ptn_problem_why(problem, "byte 0x%02X is %s", (unsigned char)text[at],
                        (unsigned char)text[at] < 0x80 ? "a control character"
                                                       : "not part of a UTF-8 character");
    }
    ptn_problem_fix(problem, "save the file as UTF-8");
    return PATRON_EDATA;
}

/* libyaml's time grows with the square of how many brackets are open. Those in quotes and comments count, too: a
 * hundred are enough for any. */
static patron_status check_brackets(const ptn_settings *file, ptn_problem *problem)
{
    enum { OPEN_MAX = 100 };
    int open = 0;
    for (size_t at = 0; at < file->length; at++) {
        open += file->text[at] == '[' || file->text[at] == '{';
        open -= open > 0 && (file->text[at] == ']' || file->text[at] == '}');
        if (open <= OPEN_MAX)
            continue;
        ptn_problem_set(problem, PATRON_EDATA, "E101", "more than %d brackets are open here", OPEN_MAX);
        point_at_bytes(file, at, at + 1, problem);
        ptn_problem_why(problem, "settings are nested three deep at most");
        ptn_problem_fix(problem, "close the lists with ] and the groups with }");
        return PATRON_EDATA;
    }
    return PATRON_OK;
}

static patron_status load_document(ptn_settings *file, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return ptn_out_of_memory(problem);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)file->text, file->length);
    yaml_document_t second;
    if (!yaml_parser_load(&parser, &file->document)) {
        status = syntax_fault(file, &parser, problem);
        goto done;
    }
    file->loaded = true;
    if (!yaml_document_get_root_node(&file->document))
        goto done; /* the end of the stream: no further document to ask for */
    if (!yaml_parser_load(&parser, &second)) {
        status = syntax_fault(file, &parser, problem);
        goto done;
    }
    if (yaml_document_get_root_node(&second)) {
        status = ptn_problem_set(problem, PATRON_EDATA, "E101", "a second document starts here");
        const size_t at = byte_of_character(file, second.start_mark.index);
        point_at_bytes(file, at, at + 3 < file->length ? at + 3 : file->length, problem);
        ptn_problem_why(problem, "%s is one document", file->name);
        ptn_problem_fix(problem, "remove the line ---");
    }
    yaml_document_delete(&second);
done:
    yaml_parser_delete(&parser);
    return status;
}

patron_status ptn_settings_open(ptn_settings **out, const char *text, size_t length, const char *name,
                                ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    *out = NULL;
    if (length > PTN_SETTINGS_BYTES_MAX) {
        status = ptn_problem_set(problem, PATRON_EDATA, "E106", "%s is too large", name);
        ptn_problem_where(problem, "%s", name);
        ptn_problem_why(problem, "it has more than %d KiB; settings are a page or two",
                        PTN_SETTINGS_BYTES_MAX / 1024);
        ptn_problem_fix(problem, "is it the right file? data belongs into data/");
        return status;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark is not a column */
        text += 3;
        length -= 3;
    }
    ptn_settings *file = calloc(1, sizeof *file);
    if (!file)
        return ptn_out_of_memory(problem);
    file->name = name;
    file->length = length;
    file->text = malloc(length + 1);
    if (!file->text) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    if (length > 0)
        memcpy(file->text, text, length);
    file->text[length] = '\0';
    const size_t plain = ptn_plain_text_length(file->text, length);
    if (plain < length) {
        status = not_text(file, plain, problem);
        goto done;
    }
    file->shown = ptn_copy_without_secrets(file->text, length);
    if (!file->shown) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(check_brackets(file, problem));
    PTN_TRY(load_document(file, problem));
    *out = file;
    file = NULL;
done:
    ptn_settings_free(file);
    return status;
}

void ptn_settings_free(ptn_settings *file)
{
    if (!file)
        return;
    if (file->loaded)
        yaml_document_delete(&file->document);
    if (file->text)
        explicit_bzero(file->text, file->length);
    free(file->text);
    free(file->shown);
    free(file);
}

/* ---- faults at a value ---- */

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
    const size_t start = byte_of_character(file, node->start_mark.index);
    const size_t end = byte_of_character(file, node->end_mark.index);
    const char *const found = memmem(file->text + start, end - start, part, strlen(part));
    if (found) /* not when it was written with escapes or over two lines */
        point_at_bytes(file, (size_t)(found - file->text), (size_t)(found - file->text) + strlen(part),
                       setting->problem);
}

void ptn_setting_position(const ptn_setting *setting, int *line, int *column)
{
    const yaml_node_t *const node = setting->node;
    ptn_position_of_byte(setting->file->text, byte_of_character(setting->file, node->start_mark.index), line,
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
    ptn_position_of_byte(group->file->text, byte_of_character(group->file, first->start_mark.index), &line,
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
