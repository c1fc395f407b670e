#include "discount.h"

#include <math.h>

static const double year = 365.25;

patron_discount ptn_discount_of(const ptn_config *config, patron_discount_stretch room[PTN_CURVE_MAX])
{
    room[0] = (patron_discount_stretch){INFINITY, log1p(config->discount_rate) / year};
    for (unsigned k = 0; k < config->discount_count; k++) {
        const ptn_discount *stretch = &config->discount_curve[k];
        const bool last = k + 1 == config->discount_count;
        room[k] = (patron_discount_stretch){last ? INFINITY : stretch->until.days + stretch->until.months * year / 12,
                                            log1p(stretch->rate) / year};
    }
    return (patron_discount){config->discount_count ? config->discount_count : 1, room};
}
