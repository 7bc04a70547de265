/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes zone_rows.txt, what Java says of time zones, which test_zone.c compares weir with:
 *     java ZoneRows.java >zone_rows.txt
 * "Z name" begins a zone. "E instant local": what the wall clock shows. "L local instant timer": the instant of a
 * wall-clock time by LocalDateTime.atZone, and the instant at which Flink's TimeWindowUtil has a window fire whose
 * last ms that is. "O epoch instant local shown": by java.util.TimeZone and GregorianCalendar the epoch of
 * the wall-clock time `local`, and what the wall clock shows at the instant. All in ms.
 */
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.GregorianCalendar;
import java.util.Random;
import java.util.TimeZone;
import java.util.TreeSet;

public class ZoneRows {
    static final long HOUR = 3600000L;
    static final String[] ZONES = {
        "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",
        "Europe/Dublin", "Australia/Adelaide", "Antarctica/Troll", "Europe/Moscow", "America/Sao_Paulo", "UTC",
        "GMT+08:00", "-09:30",
    };
    /* Around a change: an hour to both sides, jumps of 30 minutes to 24 hours, and the ms before each. */
    static final long[] NEAR = {
        -24 * HOUR, -2 * HOUR - 1, -2 * HOUR, -HOUR - 1, -HOUR, -HOUR / 2, -1, 0, HOUR / 4, HOUR / 2 - 1, HOUR / 2,
        HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR, 24 * HOUR,
    };

    static long local(long instant, ZoneId zone) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(instant), zone).toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    static long instant(long local, ZoneId zone) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(local), ZoneOffset.UTC).atZone(zone).toInstant().toEpochMilli();
    }

    /* As the documentation of Flink's toEpochMillsForTimer has it. */
    static long timer(long local, ZoneId zone) {
        long first = instant(local, zone), next = instant(local + HOUR, zone);
        if (!TimeZone.getTimeZone(zone).useDaylightTime()) return first;
        if (first == next) return first - first % HOUR;
        return next - first > HOUR ? first + HOUR : first;
    }

    /* Where the Gregorian calendar is the same for old and new classes, and old tables of changes end (2037). */
    static final long OLDEST = -12000000000000L, NEWEST = 2100000000000L;

    static long oldLocal(long instant, ZoneId zone) {
        return instant + TimeZone.getTimeZone(zone).getOffset(instant);
    }

    static long old(long local, ZoneId zone) {
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(local), ZoneOffset.UTC);
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone));
        calendar.clear();
        calendar.set(time.getYear(), time.getMonthValue() - 1, time.getDayOfMonth(), time.getHour(), time.getMinute(),
            time.getSecond());
        return calendar.getTimeInMillis() + Math.floorMod(local, 1000);
    }

    /* The instant of the change that comes next, Long.MAX_VALUE after the last. */
    static long next(ZoneRules rules, long instant) {
        ZoneOffsetTransition change = rules.nextTransition(Instant.ofEpochMilli(instant));
        return change == null ? Long.MAX_VALUE : change.getInstant().toEpochMilli();
    }

    static void near(TreeSet<Long> instants, ZoneRules rules, String from, int changes) {
        long at = Instant.parse(from).toEpochMilli();
        for (int i = 0; i < changes; i++) {
            at = next(rules, at);
            if (at == Long.MAX_VALUE) return;
            for (long distance : NEAR) instants.add(at + distance);
        }
    }

    public static void main(String[] arguments) {
        Random random = new Random(20250607);
        for (String name : ZONES) {
            ZoneId zone = ZoneId.of(name);
            TreeSet<Long> instants = new TreeSet<>();
            near(instants, zone.getRules(), "1850-01-01T00:00:00Z", 1);
            near(instants, zone.getRules(), "1966-01-01T00:00:00Z", 2);
            near(instants, zone.getRules(), "2010-06-01T00:00:00Z", 4);
            near(instants, zone.getRules(), "2024-01-01T00:00:00Z", 2);
            for (int year : new int[] {2037, 2438, 9998})
                near(instants, zone.getRules(), year + "-01-01T00:00:00Z", 2);
            for (int i = 0; i < 25; i++) instants.add((long) (random.nextGaussian() * 3e12));
            for (int i = 0; i < 10; i++) instants.add((long) (random.nextGaussian() * 3e14));
            System.out.println("Z " + name);
            for (long instant : instants) {
                long local = local(instant, zone);
                System.out.println("E " + instant + " " + local);
                long other = local + (random.nextInt(5) - 2) * HOUR / 2;
                if (instant > OLDEST && instant < NEWEST && random.nextInt(3) == 0)
                    System.out.println("O " + old(other, zone) + " " + instant + " " + other + " " + oldLocal(instant, zone));
                System.out.println("L " + other + " " + instant(other, zone) + " " + timer(other, zone));
            }
        }
    }
}
