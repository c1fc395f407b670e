/* What a settings file says, for comparing and for faults that are found late. */
#include "settings.h"

#include <string.h>

#include "settings_private.h"

void ptn_settings_show(const ptn_settings *file, int line, int column, int width, ptn_problem *problem)
{
    ptn_problem_where(problem, "%s:%d:%d", file->name, line, column);
    ptn_problem_excerpt(problem, file->shown, line, column, width);
}

enum { DEEPEST = 8 }; /* no key's value goes as deep; an anchor inside itself would */

/* Lengths stand before words, so that no two files say the same in other words. */
static void say(const ptn_settings *file, const yaml_node_t *node, int depth, ptn_text *out)
{
    yaml_document_t *document = (yaml_document_t *)&file->document;
    if (depth > DEEPEST)
        return;
    if (node->type == YAML_SCALAR_NODE) {
        ptn_text_addf(out, "%zu:%s", node->data.scalar.length, (const char *)node->data.scalar.value);
    } else if (node->type == YAML_SEQUENCE_NODE) {
        ptn_text_add(out, "[");
        for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
            say(file, yaml_document_get_node(document, *item), depth + 1, out);
        ptn_text_add(out, "]");
    } else {
        ptn_text_add(out, "{");
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
            say(file, yaml_document_get_node(document, pair->key), depth + 1, out);
            say(file, yaml_document_get_node(document, pair->value), depth + 1, out);
        }
        ptn_text_add(out, "}");
    }
}

static bool is_among(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words;
}

void ptn_settings_say(const ptn_settings *file, const char *const *except, ptn_text *out)
{
    yaml_document_t *document = (yaml_document_t *)&file->document;
    const yaml_node_t *root = yaml_document_get_root_node(document);
    if (!root || root->type != YAML_MAPPING_NODE)
        return;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        if (key->type == YAML_SCALAR_NODE && is_among((const char *)key->data.scalar.value, except))
            continue;
        say(file, key, 0, out);
        say(file, yaml_document_get_node(document, pair->value), 0, out);
        ptn_text_add(out, "\n");
    }
}
