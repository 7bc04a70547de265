// SPDX-License-Identifier: Apache-2.0
//
// Writes engine/letter_case_table.c: how Java changes the case of letters, as Java itself tells it.
//   java scripts/LetterCase.java > engine/letter_case_table.c

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

public class LetterCase {
    static final int ALPHA = 0x391, SIGMA = 0x3a3;

    static String text(int... codes) { return new String(codes, 0, codes.length); }

    /** An array of C, several entries a line. */
    static void print(String type, String name, List<String> entries) {
        StringBuilder line = new StringBuilder("   ");
        System.out.printf("const struct %s %s[] = {%n", type, name);
        for (String entry : entries) {
            if (line.length() + entry.length() > 117) {
                System.out.println(line);
                line = new StringBuilder("   ");
            }
            line.append(' ').append(entry).append(',');
        }
        System.out.printf("%s%n};%nconst size_t %s_count = %d;%n%n", line, name, entries.size());
    }

    static int[] changed(int code, boolean upper) {
        String text = text(code);
        return (upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT)).codePoints().toArray();
    }

    static boolean endsWord(int... codes) { return text(codes).toLowerCase(Locale.ROOT).indexOf('\u03c2') >= 0; }

    /** Runs of letters that change by one number: every one, or every second one. */
    static void mappings(String name, boolean upper) {
        List<int[]> runs = new ArrayList<>();
        for (int code = 0x80; code < 0x110000; code++) {
            if (code >= 0xd800 && code < 0xe000) continue;
            int[] to = changed(code, upper);
            if (to.length != 1 || to[0] == code) continue;
            int delta = to[0] - code;
            int[] run = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            int step = run == null ? 0 : code - run[1];
            boolean first = run != null && run[0] == run[1];
            if (run != null && run[3] == delta && (first ? step <= 2 : step == run[2])) {
                run[1] = code;
                run[2] = step;
            } else {
                runs.add(new int[] {code, code, 1, delta});
            }
        }
        List<String> entries = new ArrayList<>();
        for (int[] r : runs) entries.add(String.format("{0x%x, 0x%x, %d, %d}", r[0], r[1], r[2], r[3]));
        print("weir_letter_run", name, entries);
    }

    static void expansions(String name, boolean upper) {
        List<String> entries = new ArrayList<>();
        for (int code = 0x80; code < 0x10000; code++) {
            if (code >= 0xd800 && code < 0xe000) continue;
            int[] to = changed(code, upper);
            if (to.length == 1) continue;
            entries.add(String.format("{0x%x, {0x%x, 0x%x, 0x%x}}", code, to[0], to[1], to.length > 2 ? to[2] : 0));
        }
        print("weir_letter_expansion", name, entries);
    }

    static void set(String name, IntPredicate holds) {
        List<String> entries = new ArrayList<>();
        int first = -1;
        for (int code = 0; code <= 0x10000; code++) {
            boolean in = code < 0x10000 && (code < 0xd800 || code >= 0xe000) && holds.test(code);
            if (in && first < 0) first = code;
            if (in || first < 0) continue;
            entries.add(String.format("{0x%x, 0x%x}", first, code - 1));
            first = -1;
        }
        print("weir_letter_span", name, entries);
    }

    public static void main(String[] args) {
        System.out.println("/* SPDX-License-Identifier: Apache-2.0\n *\n * Made by scripts/LetterCase.java with Java "
                + Runtime.version().feature() + "; not to be edited. */\n#include \"engine/letter_case_table.h\"\n\n/* clang-format off */\n");
        mappings("weir_letters_upper", true);
        mappings("weir_letters_lower", false);
        expansions("weir_letters_upper_long", true);
        expansions("weir_letters_lower_long", false);
        set("weir_letters_word", c -> c == SIGMA || c == 0x3c2 || endsWord(ALPHA, c, c, SIGMA));
        set("weir_letters_inner", c -> c != 0x3c2 && endsWord(ALPHA, c, SIGMA) && !endsWord(ALPHA, c, c, SIGMA));
        set("weir_letters_cased", c -> c == SIGMA || c == 0x3c2 || endsWord(c, SIGMA) || !endsWord(ALPHA, SIGMA, c));
    }
}
