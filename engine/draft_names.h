#ifndef PTN_DRAFT_NAMES_H
#define PTN_DRAFT_NAMES_H

/* What the name of a column hints at, in the languages that shops and their tools write. A hint, never more: what stands in
 * the column decides. */

typedef enum ptn_hint {
    PTN_HINT_CUSTOMER,
    PTN_HINT_MOMENT,  /* when it was bought */
    PTN_HINT_AMOUNT,  /* what a line or an order came to */
    PTN_HINT_PRICE,   /* of one unit */
    PTN_HINT_QUANTITY,
    PTN_HINT_ORDER,
    PTN_HINT_PRODUCT,
    PTN_HINT_CURRENCY,
    PTN_HINT_CHANNEL,
    PTN_HINT_KIND,
    PTN_HINT_COST,
    PTN_HINT_RATE,
    PTN_HINT_NAME,
    PTN_HINT_GIVEN_NAME,
    PTN_HINT_FAMILY_NAME,
    PTN_HINT_BIRTH_DATE,
    PTN_HINT_STREET,
    PTN_HINT_CITY,
    PTN_HINT_POSTCODE,
    PTN_HINT_COUNTRY,
    PTN_HINT_EMAIL,
    PTN_HINT_PHONE,
    PTN_HINT_HOUSEHOLD,
    PTN_HINT_COMPANY,
    PTN_HINT_UPDATED,
    PTN_HINTS
} ptn_hint;

/* 0: nothing. 3 and more: it says so outright. Below 0: it says that it is something else. */
int ptn_draft_hint(const char *name, ptn_hint hint);

/* "GBP" for amount_gbp, "Total (£)", "Umsatz EUR"; NULL. */
const char *ptn_draft_currency_in(const char *name);

/* The currency of a sign (£), of a code (EUR, eur), or of a country or its code; NULL. */
const char *ptn_draft_currency_of_sign(const char *sign);
const char *ptn_draft_currency_of_country(const char *country);

#endif
