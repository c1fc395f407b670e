#include "streams.h"

#include <stddef.h>
#include <string.h>

#include "source.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const ptn_column ledger[] = {
    {"customer", PTN_COLUMN_TEXT, true, "who paid or was paid, as that system names them; empty: no customer"},
    {"occurred_at", PTN_COLUMN_MOMENT, true, "when; without a zone it is taken as it stands"},
    {"amount", PTN_COLUMN_AMOUNT, true, "as the company sees it: money in above 0, money out below"},
    {"kind", PTN_COLUMN_TEXT, false,
     "sale, refund, goods, serve, retain, acquire, reward, fee, penalty, overage or breakage; "
     "when absent, sale from 0 up and refund below"},
    {"currency", PTN_COLUMN_TEXT, false, "three letters; when absent, the project's"},
    {"quantity", PTN_COLUMN_NUMBER, false, "units, negative for returns: the sign of the amount"},
    {"product", PTN_COLUMN_TEXT, false, "what was sold"},
    {"is_product", PTN_COLUMN_TRUTH, false, "false for postage, fees and corrections: money, but not a product"},
    {"channel", PTN_COLUMN_TEXT, false, "where it was sold"},
    {"order_id", PTN_COLUMN_TEXT, false, "the order or invoice"},
    {"contract", PTN_COLUMN_TEXT, false, "the contract it belongs to"},
    {"source_row", PTN_COLUMN_WHOLE, false, "the row in the source; when absent, its place in the file"},
};

static const ptn_column people[] = {
    {"customer", PTN_COLUMN_TEXT, true, "the key that ledger rows use"},
    {"name", PTN_COLUMN_TEXT, false, "the whole name, when it is one field"},
    {"given_name", PTN_COLUMN_TEXT, false, "first name"},
    {"family_name", PTN_COLUMN_TEXT, false, "surname"},
    {"birth_date", PTN_COLUMN_DAY, false, "date of birth"},
    {"street", PTN_COLUMN_TEXT, false, "street and number"},
    {"city", PTN_COLUMN_TEXT, false, "town"},
    {"postcode", PTN_COLUMN_TEXT, false, "postal code"},
    {"country", PTN_COLUMN_TEXT, false, "country"},
    {"email", PTN_COLUMN_TEXT, false, "e-mail address"},
    {"phone", PTN_COLUMN_TEXT, false, "telephone"},
    {"household", PTN_COLUMN_TEXT, false, "a household that the source already knows"},
    {"company", PTN_COLUMN_TEXT, false, "the firm, for business customers"},
    {"updated_at", PTN_COLUMN_MOMENT, false, "when the record was last changed; the latest wins"},
    {"source_row", PTN_COLUMN_WHOLE, false, "the row in the source; when absent, its place in the file"},
};

static const ptn_column rates[] = {
    {"valid_from", PTN_COLUMN_DAY, true, "first day of the rate; it holds until the next one"},
    {"currency", PTN_COLUMN_TEXT, true, "three letters"},
    {"rate", PTN_COLUMN_RATE, true, "units of the project's currency for one unit of this one"},
    {"source_row", PTN_COLUMN_WHOLE, false, "the row in the source; when absent, its place in the file"},
};

/* In the order they are read: a ledger row in another currency needs its rate. */
const ptn_stream ptn_streams[] = {
    {"rates", "what one unit of another currency is worth, from a day on", rates, COUNT(rates), false},
    {"people", "what the systems know about each customer", people, COUNT(people), false},
    {"ledger", "one row a cash flow: the base of everything", ledger, COUNT(ledger), true},
};
const unsigned ptn_stream_count = COUNT(ptn_streams);

const char *const ptn_stream_names[] = {"ledger", "people", "rates"};
const unsigned ptn_stream_name_count = COUNT(ptn_stream_names);

const ptn_stream *ptn_stream_find(const char *name)
{
    for (unsigned i = 0; i < ptn_stream_count; i++)
        if (strcmp(ptn_streams[i].name, name) == 0)
            return &ptn_streams[i];
    return NULL;
}
