/* MBG/NBD against mpmath: tests/oracle/mbg_nbd.csv, made by make_bg_nbd.py beside it. */
#include "oracle/geometric_oracle.h"

#define CSV "tests/oracle/mbg_nbd.csv"

TEST(log_likelihood_matches_mpmath)
{
    check_against(&ptn_mbg_nbd, CSV, "state", take_log_likelihood, "log-likelihood", 1e-13);
}

TEST(gradient_matches_mpmath)
{
    check_against(&ptn_mbg_nbd, CSV, "state", take_gradient, "gradient", 1e-13);
}

TEST(p_alive_matches_mpmath)
{
    check_against(&ptn_mbg_nbd, CSV, "state", take_p_alive, "p_alive", 1e-12);
}

TEST(purchases_match_mpmath)
{
    check_against(&ptn_mbg_nbd, CSV, "purchases", take_purchases, "purchases", 1e-11);
}

TEST(residual_purchases_match_mpmath)
{
    check_against(&ptn_mbg_nbd, CSV, "residual", take_residual, "residual", 1e-11);
}

TEST(law_of_counts_matches_mpmath)
{
    check_against(&ptn_mbg_nbd, CSV, "pmf", take_pmf, "pmf", 1e-12);
}
