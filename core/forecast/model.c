#include "forecast/model.h"

#include <math.h>

#include "base/fault.h"

const patron_model_info *patron_model_describe(const patron_model *model)
{
    return &model->info;
}

patron_status ptn_check_parameters(const patron_model *model, const double *parameters, patron_error *err)
{
    for (unsigned k = 0; k < model->info.parameter_count; k++)
        if (!(parameters[k] > 0 && isfinite(parameters[k])))
            return ptn_fail(err, PATRON_EINVAL, "%s: %s is %g, not a finite number above 0", model->info.name,
                            model->info.parameter[k], parameters[k]);
    return PATRON_OK;
}
