/* patron.yaml as anybody could write it: no crash, and either a complete configuration or a complete fault. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_config(const ptn_config *config)
{
    require(strlen(config->currency) == 3);
    require(config->horizon_count >= 1 && config->horizon_count <= PTN_HORIZONS_MAX);
    for (unsigned i = 0; i < config->horizon_count; i++)
        require((config->horizons[i].days > 0) != (config->horizons[i].months > 0));
    require(isfinite(config->discount_rate) && config->discount_rate > -1);
    require(!config->has_margin || (config->margin >= -1 && config->margin <= 1));
    require(config->quarantine_limit >= 0 && config->quarantine_limit <= 1);
    for (unsigned i = 0; i < config->discount_count; i++) {
        require(config->discount_curve[i].rate > -1);
        require(config->discount_curve[i].has_until || i + 1 == config->discount_count);
    }
    for (unsigned i = 0; i < config->attach_count; i++)
        require(config->attach[i].name[0] && config->attach[i].dsn
                && ptn_attach_type_word(config->attach[i].type));
}

static void check_fault(const ptn_problem *problem)
{
    require(problem->status != PATRON_OK);
    require(problem->code[0] == 'E' && problem->what[0] && problem->where[0] && problem->why[0]
            && problem->fix[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char secret[] = "n0t-t0-be-t0ld";
    setenv("SECRET", secret, 0);
    ptn_config config;
    ptn_problem problem;
    if (ptn_config_parse((const char *)data, size, "patron.yaml", &config, &problem) == PATRON_OK) {
        check_config(&config);
        ptn_config_free(&config);
    } else {
        check_fault(&problem);
        /* Unless the input itself spells it, as the fuzzer learns to do. */
        if (!memmem(data, size, secret, strlen(secret)))
            require(!memmem(&problem, sizeof problem, secret, strlen(secret)));
    }
    return 0;
}
