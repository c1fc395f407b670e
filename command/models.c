/* patron models: the models of buying and leaving, from the library's one table of them. */
#include <jansson.h>
#include <stdio.h>

#include "paint.h"
#include "paint_table.h"
#include "patron/forecast.h"
#include "verb.h"

enum { INDENT = 12 };

static void print_people(void)
{
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        const patron_model_info *about = patron_model_describe(model);
        ptn_text parameters = {0};
        for (unsigned k = 0; k < about->parameter_count; k++)
            ptn_text_addf(&parameters, "%s%s", k ? ", " : "", about->parameter[k]);
        paint_paragraph(stdout, about->name, INDENT, ptn_text_str(&parameters));
        paint_paragraph(stdout, "", INDENT, about->says);
        paint_paragraph(stdout, "", INDENT, about->source);
        ptn_text_free(&parameters);
    }
}

static void print_json(void)
{
    json_t *models = json_array();
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        const patron_model_info *about = patron_model_describe(model);
        json_t *parameters = json_array();
        for (unsigned k = 0; k < about->parameter_count; k++)
            json_array_append_new(parameters, json_string(about->parameter[k]));
        json_array_append_new(models, json_pack("{s:s,s:s,s:s,s:o}", "name", about->name, "says", about->says,
                                                "source", about->source, "parameters", parameters));
    }
    json_t *object = json_pack("{s:s,s:o}", "schema", "patron.models/1", "models", models);
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

int run_models(int argc, char **argv)
{
    const verb *self = verb_find("models");
    verb_arguments given;
    if (!verb_parse(self, argc, argv, 0, &given))
        return EXIT_WRONG_USE;
    if (verb_value(self, &given, "--json"))
        print_json();
    else
        print_people();
    return EXIT_FINE;
}
