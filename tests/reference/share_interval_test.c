/* Newcombe (1998), Statistics in Medicine 17, table I: the examples by method 3, Wilson's interval without correction. */
#include "check.h"

#include "patron/track_record.h"

static const struct {
    double count, n, low, high;
} printed[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};

TEST(share_interval_matches_newcombe1998)
{
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++) {
        double low, high;
        patron_error err = {0};
        CHECK_EQ_INT(patron_share_interval(printed[i].count, printed[i].n, 0.95, &low, &high, &err), PATRON_OK);
        CHECK_PRINTED(low, printed[i].low, 4);
        CHECK_PRINTED(high, printed[i].high, 4);
    }
}

TEST(nobody_and_everybody_mirror_each_other)
{
    double low, high, other_low, other_high;
    patron_error err = {0};
    for (double count = 0; count <= 12; count++) {
        CHECK_EQ_INT(patron_share_interval(count, 12, 0.8, &low, &high, &err), PATRON_OK);
        CHECK_EQ_INT(patron_share_interval(12 - count, 12, 0.8, &other_low, &other_high, &err), PATRON_OK);
        CHECK_NEAR(low, 1 - other_high, 1e-15);
        CHECK(low >= 0 && low <= count / 12 && high >= count / 12 && high <= 1 && low < high);
    }
}

TEST(what_is_no_share_is_refused)
{
    double low = 7, high = 7;
    const double bad[][3] = {{1, 0, 0.8}, {-1, 5, 0.8}, {6, 5, 0.8}, {NAN, 5, 0.8}, {1, INFINITY, 0.8}, {1, 5, 0}, {1, 5, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQ_INT(patron_share_interval(bad[i][0], bad[i][1], bad[i][2], &low, &high, NULL), PATRON_EINVAL);
    CHECK(low == 7 && high == 7);
}
