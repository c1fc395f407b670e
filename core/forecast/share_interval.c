/* Wilson's interval: the shares p whose own normal approximation would not be surprised by what was seen. */
#include <math.h>

#include "base/fault.h"
#include "math/gamma.h"
#include "patron/track_record.h"

patron_status patron_share_interval(double count, double n, double chance, double *low, double *high,
                                    patron_error *err)
{
    if (!(n > 0 && isfinite(n)) || !(count >= 0 && count <= n) || !(chance > 0 && chance < 1))
        return ptn_fail(err, PATRON_EINVAL,
                        "%g of %g, chance %g: 0 to n of n, which is above 0, and a chance between 0 and 1",
                        count, n, chance);
    const double z = ptn_normal_quantile(0.5 + chance / 2), share = count / n, weight = z * z / n;
    const double centre = (share + weight / 2) / (1 + weight);
    const double reach = z / (1 + weight) * sqrt(share * (1 - share) / n + weight / (4 * n));
    *low = count > 0 ? fmax(0, centre - reach) : 0;
    *high = count < n ? fmin(1, centre + reach) : 1;
    return PATRON_OK;
}
