/* Names of columns: words in English, German, French, Spanish, Italian, Dutch and Portuguese. */
#include "draft_names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A name in lower case without accents, twice: letters and digits alone (invoicedate), and words between blanks
 * (" invoice date "), which also begin where a capital follows a small letter. */
typedef struct words {
    char squashed[128], spaced[200];
} words;

/* The plain letter of an accented one in Latin-1's part of UTF-8 (C3 80 to C3 BF). */
static char plain_letter(unsigned char second)
{
    static const char letters[] = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
    return letters[(second - 0x80) & 0x3F];
}

static void split(const char *name, words *out)
{
    size_t a = 0, b = 0;
    bool small = false;
    out->spaced[b++] = ' ';
    for (const unsigned char *at = (const unsigned char *)name; *at && a + 2 < sizeof out->squashed && b + 4 < sizeof out->spaced; at++) {
        char letter = 0;
        bool capital = false;
        if (*at < 0x80 && isalnum(*at)) {
            letter = (char)tolower(*at);
            capital = isupper(*at);
        } else if (*at == 0xC3 && at[1]) {
            letter = plain_letter(*++at);
        }
        if (!letter || letter == ' ') {
            if (out->spaced[b - 1] != ' ')
                out->spaced[b++] = ' ';
            small = false;
            continue;
        }
        if (capital && small)
            out->spaced[b++] = ' ';
        out->squashed[a++] = out->spaced[b++] = letter;
        small = !capital && isalpha((unsigned char)letter);
    }
    if (out->spaced[b - 1] != ' ')
        out->spaced[b++] = ' ';
    out->spaced[b] = out->squashed[a] = '\0';
}

/* Each list has words with blanks around. `exact`: the whole name; `inside`: anywhere, also in compounds (Kundennummer);
 * `word`: a word of its own, as they are too short to be looked for inside others; `not`: the name says something else. */
static const struct {
    const char *exact, *inside, *word, *not;
} lists[PTN_HINTS] = {
    [PTN_HINT_CUSTOMER] = {"customerid customer customerno customernumber clientid client userid memberid kunde kundennummer kundennr kundenid"
                           " kdnr klantnummer klant clienteid cliente numclient idclient buyer buyerid accountid shopper contactid donorid"
                           " debitor debitornr customerkey custid useremail customeremail patientid subscriberid codcliente",
                           "customer kunde client klant cliente buyer purchaser shopper subscriber debitor acheteur comprador usuario donor"
                           " patient",
                           "user member account email mail kd cust uid guest socio",
                           "type group segment since country city typ gruppe land ort notes total status spent birth"},
    [PTN_HINT_MOMENT] = {"date orderdate invoicedate datum bestelldatum rechnungsdatum belegdatum datecommande fecha data dataordine"
                         " createdat created orderedat purchasedat purchasedate transactiondate timestamp occurredat paidat placed placedat"
                         " orderdatum datapedido fechapedido saledate txndate buchungsdatum eventtime",
                         "date datum fecha time created placed ordered purchased bought bestellt dato",
                         "data at on day tag jour dia giorno when ts dt", "birth geburt naissance nacimiento nascita dob updated modified geandert"
                         " shipped ship delivery deliver liefer due expir cancel refund valid until end start renewal lastlogin faellig"
                         " versand closed deleted first last"},
    [PTN_HINT_AMOUNT] = {"amount total totalamount totalprice ordertotal linetotal revenue sales betrag gesamt gesamtbetrag summe umsatz"
                         " montant total ttc montantttc importe monto importo totale bedrag totaal valor valortotal value net netamount"
                         " gross grossamount netto brutto turnover amountpaid paid subtotal lineamount extendedprice sum spend totalsales",
                         "amount total revenue betrag umsatz gesamt summe montant importe monto importo bedrag totaal valor turnover netto"
                         " brutto proceeds",
                         "net gross sales value paid sum spend ca eur gbp usd", "tax vat mwst ust tva iva btw discount rabatt remise descuento sconto"
                         " korting shipping versand freight postage tip fee cost kosten profit margin marge balance saldo refunded weight count"
                         " quantity qty menge number nummer id rate percent items points unit einzel outstanding due"},
    [PTN_HINT_PRICE] = {"price unitprice preis einzelpreis prix prixunitaire precio preciounitario prezzo prijs preco unitcost itemprice"
                        " lineitemprice stueckpreis stuckpreis listprice",
                        "unitprice einzelpreis price preis prix precio prezzo prijs preco", "", "total cost shipping compare"},
    [PTN_HINT_QUANTITY] = {"quantity qty menge anzahl quantite cantidad quantita aantal quantidade units pieces stuck stueck count"
                           " lineitemquantity unitssold numitems cantidades qte",
                           "quantity menge anzahl quantite cantidad quantita aantal quantidade", "qty units pieces qte stk pcs", "price total amount"},
    [PTN_HINT_ORDER] = {"orderid order orderno ordernumber invoice invoiceno invoiceid invoicenumber bestellnummer rechnungsnummer auftragsnummer"
                        " belegnummer numcommande commande facture pedido factura ordine fattura bestelnummer transactionid receipt"
                        " receiptid basketid cartid ticket bon beleg rechnung bestellung transaction txnid salesorder",
                        "order invoice bestell rechnung beleg auftrag commande facture pedido factura ordine fattura receipt basket transaction"
                        " factuur",
                        "ticket bon cart txn", "date datum total amount betrag status time type qty quantity source value fecha price count by"},
    [PTN_HINT_PRODUCT] = {"product productid item itemid sku stockcode article artikel artikelnummer produkt produit producto prodotto productcode"
                          " ean asin isbn upc material lineitemname lineitemsku itemcode referencia codart productname",
                          "product stockcode article artikel produkt produit producto prodotto produto", "item sku ean asin isbn upc ref",
                          "category price type kategorie count quantity qty total weight"},
    [PTN_HINT_CURRENCY] = {"currency currencycode waehrung wahrung devise moneda valuta divisa moeda ccy", "currency wahrung waehrung devise moneda valuta",
                           "ccy", "rate"},
    [PTN_HINT_CHANNEL] = {"channel saleschannel kanal vertriebskanal canal canale kanaal platform marketplace", "channel kanal canal", "platform marketplace", "id"},
    [PTN_HINT_KIND] = {"kind type transactiontype typ art vorgang belegart status orderstatus financialstatus isrefund refund refunded returned"
                       " isreturn direction movement doctype tipo nature transactionkind",
                       "status refund return cancel storno retour gutschrift", "kind type typ art tipo direction nature", "date amount id product customer amount"},
    [PTN_HINT_COST] = {"cost unitcost cogs costprice kosten einkaufspreis wareneinsatz cout costo coste kostprijs purchaseprice totalcost",
                       "cogs einkauf wareneinsatz kostprijs", "cost costs cout costo coste kosten", "customer shipping"},
    [PTN_HINT_RATE] = {"rate exchangerate fxrate kurs wechselkurs taux cambio tasso koers", "exchangerate kurs wechselkurs", "rate taux fx cambio tasso koers", "tax"},
    [PTN_HINT_NAME] = {"name fullname customername kundenname nomcomplet nombrecompleto contactname clientname displayname", "fullname customername",
                       "", "first last user file product company item given family sur vor nach"},
    [PTN_HINT_GIVEN_NAME] = {"firstname givenname vorname prenom nombre forename nome voornaam primernombre", "firstname vorname prenom givenname", "", ""},
    [PTN_HINT_FAMILY_NAME] = {"lastname surname familyname nachname nom apellido apellidos cognome sobrenome achternaam", "lastname surname nachname apellido cognome", "", ""},
    [PTN_HINT_BIRTH_DATE] = {"birthdate dateofbirth dob birthday geburtsdatum geburtstag datenaissance fechanacimiento", "birth geburt naissance nacimiento", "dob", "place ort"},
    [PTN_HINT_STREET] = {"street address address1 addressline1 streetaddress strasse anschrift adresse rue direccion indirizzo straat endereco",
                         "street strasse address1 addressline1", "address adresse anschrift rue", "email ip city zip web"},
    [PTN_HINT_CITY] = {"city town ort stadt wohnort ville ciudad citta plaats cidade", "city stadt wohnort", "town ort ville ciudad plaats", "code"},
    [PTN_HINT_POSTCODE] = {"postcode zip zipcode postalcode plz postleitzahl codepostal codigopostal cap cep", "postcode zipcode postalcode codepostal",
                           "zip plz cp", ""},
    [PTN_HINT_COUNTRY] = {"country countrycode land pays pais paese", "country", "land pays pais paese nation", ""},
    [PTN_HINT_EMAIL] = {"email mail emailaddress customeremail correo courriel", "email", "mail", "opt consent date"},
    [PTN_HINT_PHONE] = {"phone telephone telefon tel mobile mobil handy phonenumber telefono telefoon gsm cell", "phone telefon telefono", "tel mobile mobil gsm cell", ""},
    [PTN_HINT_HOUSEHOLD] = {"household householdid haushalt foyer hogar", "household haushalt", "", ""},
    [PTN_HINT_COMPANY] = {"company companyname firma organisation organization entreprise empresa azienda bedrijf", "company firma entreprise empresa",
                          "org", "id"},
    [PTN_HINT_UPDATED] = {"updatedat updated modifiedat modified lastmodified lastupdated geaendert geandertam", "updated modified geandert", "", ""},
};

/* Does one of the words of `list`, of so many letters at least, match? whole: equal to `name`; else found in it, between
 * blanks when `apart`. */
static bool any(const char *list, const char *name, size_t least, bool whole, bool apart)
{
    for (const char *at = list; at && *at;) {
        at += *at == ' ';
        const size_t length = strcspn(at, " ");
        char word[40] = "";
        if (length >= least && length && length + 3 < sizeof word) {
            if (apart) {
                word[0] = ' ';
                memcpy(word + 1, at, length);
                word[length + 1] = ' ';
                word[length + 2] = '\0';
            } else {
                memcpy(word, at, length);
                word[length] = '\0';
            }
            if (whole ? strcmp(name, word) == 0 : strstr(name, word) != NULL)
                return true;
        }
        at += length;
    }
    return false;
}

int ptn_draft_hint(const char *name, ptn_hint hint)
{
    words w;
    split(name, &w);
    if (any(lists[hint].exact, w.squashed, 1, true, false))
        return 4;
    const bool other = any(lists[hint].not, w.spaced, 1, false, true) || any(lists[hint].not, w.squashed, 4, false, false);
    if (any(lists[hint].inside, w.squashed, 1, false, false))
        return other ? -1 : 3;
    if (any(lists[hint].word, w.spaced, 1, false, true))
        return other ? -1 : 2;
    return other ? -2 : 0;
}

/* ---- currencies ---- */

static const char codes[][4] = {
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR",
    "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "KWD", "MAD", "MXN", "MYR", "NGN",
    "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY",
    "TWD", "UAH", "USD", "VND", "ZAR",
};

static const char *code_of(const char *word, size_t length)
{
    for (size_t i = 0; length == 3 && i < sizeof codes / sizeof *codes; i++)
        if (strncasecmp(codes[i], word, 3) == 0)
            return codes[i];
    return NULL;
}

const char *ptn_draft_currency_of_sign(const char *sign)
{
    static const char *const signs[][2] = {{"£", "GBP"}, {"€", "EUR"}, {"$", "USD"}, {"¥", "JPY"}, {"₹", "INR"}, {"₺", "TRY"},
                                           {"zł", "PLN"}, {"Kč", "CZK"}};
    for (unsigned i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(signs[i][0], sign) == 0)
            return signs[i][1];
    return code_of(sign, strlen(sign));
}

const char *ptn_draft_currency_in(const char *name)
{
    static const char *const signs[] = {"£", "€", "$", "¥", "₹"};
    words w;
    for (unsigned i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(name, signs[i]))
            return ptn_draft_currency_of_sign(signs[i]);
    split(name, &w);
    for (const char *at = w.spaced; *at;) {
        at += *at == ' ';
        const size_t length = strcspn(at, " ");
        const char *code = code_of(at, length);
        if (code && strcmp(code, "TRY") != 0) /* a word */
            return code;
        at += length;
    }
    return NULL;
}

const char *ptn_draft_currency_of_country(const char *country)
{
    static const char *const countries[][2] = {
        {"United Kingdom", "GBP"}, {"UK", "GBP"}, {"GB", "GBP"}, {"Great Britain", "GBP"}, {"England", "GBP"}, {"Scotland", "GBP"},
        {"United States", "USD"}, {"USA", "USD"}, {"US", "USD"}, {"United States of America", "USD"}, {"Germany", "EUR"},
        {"Deutschland", "EUR"}, {"DE", "EUR"}, {"France", "EUR"}, {"FR", "EUR"}, {"Spain", "EUR"}, {"España", "EUR"}, {"ES", "EUR"},
        {"Italy", "EUR"}, {"Italia", "EUR"}, {"IT", "EUR"}, {"Netherlands", "EUR"}, {"Nederland", "EUR"}, {"NL", "EUR"},
        {"Belgium", "EUR"}, {"BE", "EUR"}, {"Austria", "EUR"}, {"Österreich", "EUR"}, {"AT", "EUR"}, {"Ireland", "EUR"}, {"IE", "EUR"},
        {"Portugal", "EUR"}, {"PT", "EUR"}, {"Finland", "EUR"}, {"FI", "EUR"}, {"Switzerland", "CHF"}, {"Schweiz", "CHF"}, {"CH", "CHF"},
        {"Sweden", "SEK"}, {"SE", "SEK"}, {"Norway", "NOK"}, {"NO", "NOK"}, {"Denmark", "DKK"}, {"DK", "DKK"}, {"Poland", "PLN"},
        {"PL", "PLN"}, {"Canada", "CAD"}, {"CA", "CAD"}, {"Australia", "AUD"}, {"AU", "AUD"}, {"New Zealand", "NZD"}, {"NZ", "NZD"},
        {"Japan", "JPY"}, {"JP", "JPY"}, {"India", "INR"}, {"IN", "INR"}, {"Brazil", "BRL"}, {"Brasil", "BRL"}, {"BR", "BRL"},
        {"Mexico", "MXN"}, {"MX", "MXN"}, {"South Africa", "ZAR"}, {"ZA", "ZAR"}, {"Singapore", "SGD"}, {"SG", "SGD"},
    };
    for (unsigned i = 0; i < sizeof countries / sizeof *countries; i++)
        if (strcasecmp(countries[i][0], country) == 0)
            return countries[i][1];
    return NULL;
}
