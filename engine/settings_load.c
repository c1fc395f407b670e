/* A settings file from its text to YAML's nodes; what is no YAML is said in our words. */
#include <stdlib.h>
#include <string.h>

#include "settings_private.h"
#include "settings_text.h"

size_t ptn_settings_byte(const ptn_settings *file, size_t character)
{
    return ptn_byte_of_character(file->text, file->length, character);
}

void ptn_settings_point(const ptn_settings *file, size_t start, size_t end, ptn_problem *problem)
{
    int line, column, width = 0;
    ptn_position_of_byte(file->text, start, &line, &column);
    for (size_t at = start; at < end; at++)
        width += !ptn_continues_character(file->text[at]);
    ptn_problem_where(problem, "%s:%d:%d", file->name, line, column);
    ptn_problem_excerpt(problem, file->shown, line, column, width);
}

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
    size_t at = ptn_settings_byte(file, index);
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
    ptn_settings_point(file, at, at + 1 > file->length ? at : at + 1, problem);
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
        ptn_settings_point(file, at, at + 1, problem);
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
        const size_t at = ptn_settings_byte(file, second.start_mark.index);
        ptn_settings_point(file, at, at + 3 < file->length ? at + 3 : file->length, problem);
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
