/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimals: sums, products and quotients of up to 38 digits against results of another implementation (Python's
 * decimal, 400 digits), and rounding at the borders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/decimal.h"
#include "engine/value_text.h"

static weir_i128 integer(const char *text) {
    weir_i128 value;
    struct weir_decimal_type type = {38, 0};
    assert_int_equal(weir_text_read_decimal(text, (int64_t)strlen(text), type, &value), WEIR_TEXT_OK);
    return value;
}

static bool compute(char op, struct weir_decimal a, struct weir_decimal b, int scale, weir_i128 *out) {
    struct weir_decimal_type to = {38, scale};
    switch (op) {
    case '+': return weir_decimal_add(a, b, to, out);
    case '-': return weir_decimal_subtract(a, b, to, out);
    case '*': return weir_decimal_multiply(a, b, to, out);
    case '/': return weir_decimal_divide(a, b, to, out);
    default: return weir_decimal_modulo(a, b, to, out);
    }
}

/* Unscaled arguments with their scales, the scale of the result in 38 digits, and the unscaled result. */
static const struct {
    char op;
    const char *a;
    int a_scale;
    const char *b;
    int b_scale;
    int scale;
    const char *result;
} cases[] = {
    {'+', "-21971467576204192310", 10, "-12231263780387284349270392156836265607", 13, 5,
     "-122312637803873063207379683610"},
    {'+', "1764909467344732027735102353531720286", 8, "-38219011316278355732571723020710299161", 10, 6,
     "13827193541819484704093851233246173"},
    {'+', "9678971717252666989", 12, "5412044949292114879207136672308096496", 10, 8,
     "54120449492921148793039263894806232"},
    {'+', "53496", 19, "-6", 4, 9, "-600000"},
    {'+', "91875066341325371097806690767870661009", 30, "5", 1, 11, "9187506684132537110"},
    {'+', "-5453735159114414284106767517211431656", 23, "8", 2, 19, "-545373515911440628410676751721143"},
    {'+', "7970438116091371926", 15, "88749806540445240735417570921746193360", 6, 11, "NULL"},
    {'+', "30128715797158991506", 21, "-443847018815993167390704124685", 34, 10, "300843311"},
    {'+', "24734772482429890300", 9, "-37371163992789187854", 3, 19, "-373711392580167054241097000000000000"},
    {'+', "7316068461256778815336976059268974540", 22, "19478094090626842999440124022515678361", 2, 10, "NULL"},
    {'+', "6202420938767752209", 8, "-4966391136195398066169611854275159234", 9, 13, "NULL"},
    {'+', "-83051529444461326925", 20, "67416604203612205305", 34, 15, "-830515294444607"},
    {'+', "455881974297502580362020937018", 32, "938826927406891177478051533744", 2, 11, "NULL"},
    {'+', "55852799143167249360", 18, "-470125684794164420386103320251", 29, 16, "511515422952256052"},
    {'-', "-547168746631486275687281522068", 26, "618565721391159773", 23, 16, "-54716874725005199708"},
    {'-', "329031541249559024", 23, "39234806872674655064767725685838798484", 37, 13, "-39234773969521"},
    {'-', "-58641604580638727176", 1, "47267412501649937627561326922277530549", 11, 1,
     "-4726741308806598343394859868"},
    {'-', "-19211955840076954944789245923217738858", 8, "-322929016851511922", 35, 14, "NULL"},
    {'-', "-227699473370222891736244110323", 37, "799693222210288050491943650477", 23, 17,
     "-799693222210290327486677"},
    {'-', "-89233955451843787658", 32, "73071298256427326733", 36, 11, "0"},
    {'-', "-75120919936263808764473771251894156282", 36, "-2226552048675104110", 38, 0, "-75"},
    {'-', "-4460669511856379031629345419352057630", 36, "4099702069977808092281161442757425794", 30, 12,
     "-4099706530647319949"},
    {'-', "2691069186950591986658923999925188134", 38, "-69971624582433857697", 1, 9,
     "6997162458243385769726910692"},
    {'-', "-91146405561220453801109347226906698137", 1, "12246424338303109560296737917417406257", 30, 8, "NULL"},
    {'-', "-5374442543093170117", 2, "52164250851718440452", 31, 15, "-53744425430931701170000000005216"},
    {'-', "-12119", 8, "-791762952094586343166326277621", 1, 11, "NULL"},
    {'-', "103269853248186306", 16, "-81511", 12, 13, "103269854063296"},
    {'-', "-75584858129178041835511680906780953580", 30, "3734255722993688599", 29, 2, "-7558485813"},
    {'*', "91771097923357795605", 18, "38149757199840360723298107792566651279", 30, 15,
     "3501045103738873839363354"},
    {'*', "846769859044804124556488261520", 34, "40149", 17, 2, "0"},
    {'*', "6", 27, "-2311948258186088943931871803388264367", 7, 3, "-1387169"},
    {'*', "-437221367264592751", 28, "-177508526704104938", 13, 3, "0"},
    {'*', "1612096127208409445652361355040836585", 36, "-1106007450543357816846146214746558670", 27, 19,
     "-17829903276845935817679703378"},
    {'*', "-33519019409114298427787656573219468302", 18, "-39899918512870468742", 16, 7,
     "1337406143054984156020902520398"},
    {'*', "60739219784123403024", 33, "4423845969556308515", 29, 5, "0"},
    {'*', "-121549576269502032", 21, "2", 7, 14, "-2431"},
    {'*', "-9088220737771231514", 29, "142046588480285267806135121316", 34, 1, "0"},
    {'*', "885269312321020452", 14, "97171", 31, 4, "0"},
    {'*', "4081704659337357756470746134147713640", 21, "288415574467451225720343846955", 22, 13,
     "1177227194129256343011548868455215835"},
    {'*', "-317097844016213289211871170807", 25, "-1", 11, 1, "0"},
    {'*', "-82648188984560427031089617332555096075", 30, "-2060707468617924084100291424635916622", 12, 5,
     "17031374030822931516106773924713345371"},
    {'*', "59104", 24, "28755824829770129433683503965835161616", 17, 9, "16995842707"},
    {'/', "-5445996625650563074", 2, "976175823482275401564443746557", 1, 15, "-558"},
    {'/', "-473881145120987992", 18, "1309279350145505696", 12, 18, "-361940440799"},
    {'/', "1721298382467784317", 25, "-669212849363191853182749172216", 23, 14, "-3"},
    {'/', "377315858267477070", 11, "-7", 17, 1, "-539022654667824385714286"},
    {'/', "-38882730069824066169170683016660241652", 2, "235997995266743169308174803164", 15, 15,
     "-1647587303691957224437452815211152968"},
    {'/', "71769", 3, "8", 25, 1, "897112500000000000000000000"},
    {'/', "72856763148368315029", 19, "4", 11, 12, "182141907870920787572500"},
    {'/', "3155716329494273875", 5, "21379", 34, 5, "NULL"},
    {'/', "-38103", 1, "307981791950763812584900181070", 0, 9, "0"},
    {'/', "-48107122625829727939728065544800824711", 35, "34218287571224011373", 8, 15, "-1405889"},
    {'/', "1777758180174855790", 27, "1566705478304593708", 31, 1, "113471"},
    {'/', "3638053274075432672", 23, "-65125", 20, 17, "-5586262225067842874472168906"},
    {'/', "5", 8, "55545921469081448427341144300346219169", 6, 12, "0"},
    {'/', "-176010825050966060", 19, "-59361579486002971051", 18, 17, "29650630352999"},
    /* just below a half, which rounding to 38 digits makes one (as BigDecimal with its MathContext does) */
    {'/', "63298986223244854445321639250005160630", 4, "31888658046974737755829541183881693013", 0, 6, "199"},
    {'/', "13694154187072343417716830993691104579", 12, "91294361247148956118112206624607363862", 3, 10, "2"},
    {'/', "67597154645421359049035181977451004868", 5, "8472785626419829039192692789362321449", 3, 6, "79782"},
    {'/', "99155351234523624785453718918166270291", 11, "15254669420695942274685187525871733891", 5, 6, "7"},
    {'/', "48695233760457386677312206535212000103", 5, "46376413105197511121249720509725714384", 0, 6, "11"},
    {'/', "88714503309345724132316104858164298499", 8, "13100095733100866669961991547340066671", 6, 6, "67721"},
    {'/', "34081965008272220878561948617415813229", 16, "97377042880777773938748424621188037798", 7, 10, "4"},
    {'/', "62514337953429506664378758698096241581", 10, "63692652015720332821577950787668101458", 7, 6, "982"},
    {'/', "10166351817942952300470125722698988462", 2, "76788034426851106918464637808821998279", 1, 6, "13240"},
    {'/', "65415346276249823924912894091914686200", 10, "70719293271621431270176101720988849946", 5, 7, "93"},
    {'%', "-1", 7, "511764050135075670", 27, 19, "-2060102237"},
    {'%', "-4", 33, "128382969788800038683659001073", 10, 5, "0"},
    {'%', "45148", 33, "981620194940365104", 27, 3, "0"},
    {'%', "410177588722192677724561854761", 29, "155835212399064452", 10, 15, "4101775887221927"},
    {'%', "2", 8, "-7135618015516548281502723031903438845", 15, 11, "2000"},
    {'%', "-3946044809296026485560789243054598081", 12, "-399897948949524719005278577369", 23, 7,
     "-15954433235113"},
    {'%', "-8", 25, "-374773577170479740", 31, 3, "0"},
    {'%', "213816489020176103", 18, "-8351366881676466735", 20, 15, "46789151386647"},
    {'%', "36080", 24, "77075", 38, 5, "0"},
    {'%', "1287637660034652049203360131139505124", 19, "77904141989588819981306871266703051759", 28, 18,
     "6191357910279698926639713020"},
    {'%', "9", 9, "-893878674711269163955859478127", 33, 9, "9"},
    {'%', "13583", 5, "1153765536828538588691106040474367002", 17, 7, "1358300"},
    {'%', "14953", 5, "-94960815442086445191", 35, 16, "5"},
    {'%', "-25868", 15, "-8136957653653343311333282762236264469", 24, 16, "-258680"},
};

static void results_are_those_of_a_wider_arithmetic(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        weir_i128 value = 0;
        char text[WEIR_DECIMAL_TEXT_BYTES] = "NULL";
        struct weir_decimal a = {integer(cases[i].a), cases[i].a_scale},
                            b = {integer(cases[i].b), cases[i].b_scale};
        if (compute(cases[i].op, a, b, cases[i].scale, &value)) {
            weir_decimal_format((struct weir_decimal){value, 0}, text);
        }
        if (strcmp(text, cases[i].result) != 0) {
            fail_msg("%s e-%d %c %s e-%d: %s for %s", cases[i].a, cases[i].a_scale, cases[i].op, cases[i].b,
                     cases[i].b_scale, text, cases[i].result);
        }
    }
}

/* Any 128 bits may come out of a file. */
static void no_argument_overflows(void **state) {
    (void)state;
    weir_i128 most = (weir_i128)(((weir_u128)1 << 127) - 1), least = -most - 1, out;
    weir_i128 values[] = {most, least, 1, -1, 0};
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 5; k++) {
            for (int scales = 0; scales < 9; scales++) {
                struct weir_decimal a = {values[i], scales % 3 * 19}, b = {values[k], scales / 3 * 19};
                for (int scale = 0; scale <= 38; scale += 19) {
                    for (const char *op = "+-*/%"; *op != '\0'; op++) {
                        if (b.value != 0 || (*op != '/' && *op != '%')) compute(*op, a, b, scale, &out);
                    }
                }
                char text[WEIR_DECIMAL_TEXT_BYTES];
                assert_in_range(weir_decimal_format(a, text), 1, WEIR_DECIMAL_TEXT_BYTES - 1);
                (void)weir_decimal_to_double(a);
            }
        }
    }
}

static const char *rounded(weir_i128 value, int scale, int digits, enum weir_decimal_rounding how) {
    static char text[WEIR_DECIMAL_TEXT_BYTES];
    weir_i128 out;
    struct weir_decimal_type to = {38, digits > 0 ? digits : 0};
    if (!weir_decimal_round((struct weir_decimal){value, scale}, digits, how, to, &out)) return "NULL";
    weir_decimal_format((struct weir_decimal){out, to.scale}, text);
    return text;
}

static void rounding_at_the_borders(void **state) {
    (void)state;
    assert_string_equal(rounded(25, 1, 0, WEIR_ROUND_HALF_UP), "3");
    assert_string_equal(rounded(-25, 1, 0, WEIR_ROUND_HALF_UP), "-3");
    assert_string_equal(rounded(24, 1, 0, WEIR_ROUND_HALF_UP), "2");
    assert_string_equal(rounded(-21, 1, 0, WEIR_ROUND_FLOOR), "-3");
    assert_string_equal(rounded(-29, 1, 0, WEIR_ROUND_CEIL), "-2");
    assert_string_equal(rounded(21, 1, 0, WEIR_ROUND_CEIL), "3");
    assert_string_equal(rounded(29, 1, 0, WEIR_ROUND_DOWN), "2");
    assert_string_equal(rounded(155, 0, -1, WEIR_ROUND_HALF_UP), "160");
    assert_string_equal(rounded(155, 0, -3, WEIR_ROUND_HALF_UP), "0");
    assert_string_equal(rounded(155, 0, -60, WEIR_ROUND_HALF_UP), "0");
    assert_string_equal(rounded(155, 0, -60, WEIR_ROUND_CEIL), "NULL");
    assert_string_equal(rounded(155, 2, 5, WEIR_ROUND_HALF_UP), "1.55000");
    assert_string_equal(rounded(weir_pow10_i128(38) - 1, 0, -1, WEIR_ROUND_HALF_UP), "NULL");
}

static void powers_of_ten(void **state) {
    (void)state;
    weir_i128 power = 1;
    for (int i = 0; i <= 38; i++, power *= i < 39 ? 10 : 1) {
        assert_true(weir_pow10_i128(i) == power);
        assert_false(weir_decimal_fits(power, i));
        assert_true(weir_decimal_fits(power - 1, i));
        assert_true(weir_decimal_fits(1 - power, i));
    }
}

static double real(const char *value, int precision, int scale) {
    return weir_decimal_cast_double(integer(value), (struct weir_decimal_type){precision, scale});
}

/* 18 digits go through a division of doubles, as in Flink: twice rounded. */
static void doubles_are_those_of_flink(void **state) {
    (void)state;
    assert_true(real("12345678901234567890123456789", 38, 10) == 1234567890123456789.0123456789);
    assert_true(real("1", 2, 1) == 0.1);
    assert_true(real("-3", 38, 38) == -3e-38);
    assert_true(real("123456789012345678", 18, 3) == 123456789012345678.0 / 1000.0);
    assert_true(real("999999999999999999", 18, 3) == 1e15);
}

static void comparison_is_exact_at_any_scales(void **state) {
    (void)state;
    weir_i128 most = weir_pow10_i128(38) - 1;
    struct weir_decimal tenth = {1, 1}, tiny = {weir_pow10_i128(37), 38}, above = {weir_pow10_i128(37) + 1, 38};
    assert_int_equal(weir_decimal_compare(tenth, tiny), 0);
    assert_true(weir_decimal_compare(tenth, above) < 0);
    assert_true(weir_decimal_compare(above, tenth) > 0);
    assert_true(weir_decimal_compare((struct weir_decimal){most, 0}, (struct weir_decimal){most, 38}) > 0);
    assert_true(weir_decimal_compare((struct weir_decimal){-most, 0}, (struct weir_decimal){-most, 38}) < 0);
    assert_true(weir_decimal_compare((struct weir_decimal){-1, 38}, (struct weir_decimal){0, 0}) < 0);
    assert_int_equal(weir_decimal_compare((struct weir_decimal){0, 38}, (struct weir_decimal){0, 0}), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_those_of_a_wider_arithmetic),
        cmocka_unit_test(no_argument_overflows),
        cmocka_unit_test(rounding_at_the_borders),
        cmocka_unit_test(powers_of_ten),
        cmocka_unit_test(doubles_are_those_of_flink),
        cmocka_unit_test(comparison_is_exact_at_any_scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
