// SPDX-License-Identifier: Apache-2.0
//
// FlinkRows FOLDER SCRIPT.sql ...
// Runs each script in Flink, in this process, and writes the rows of its one query into FOLDER/SCRIPT.csv, below the
// names of the columns; where Flink refuses the script or fails, the message into FOLDER/SCRIPT.error instead.
//   - ${cases} is the folder of the script.
//   - `SET 'execution.runtime-mode' = 'batch'` runs it as a batch, anything else as a stream.
//   - A query that updates has a first column `op` with the kind of each row; the plan says whether it does.
//   - One task, the zone UTC and nothing else is set unless the script does it, or a system property `flink.OPTION` does.
//   - The system property `times` = N runs the script N times and tells on standard output how long its query took each
//     time, from being handed in to its last row: `[1] 2.345 s wall`. The first includes what the process does once.
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class FlinkRows {
  private static final Pattern BATCH =
      Pattern.compile("SET\\s+'execution\\.runtime-mode'\\s*=\\s*'batch'", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHANGELOG = Pattern.compile("changelogMode=\\[([A-Z,]*)\\]");
  private static final int TIMES = Integer.getInteger("times", 0);
  private static int told;
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 3, 9, true)
          .toFormatter(Locale.ROOT);

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (int i = 1; i < arguments.length; i++) {
      Path script = Path.of(arguments[i]).toAbsolutePath();
      String name = script.getFileName().toString().replaceAll("\\.sql$", "");
      Path rows = folder.resolve(name + ".csv"), error = folder.resolve(name + ".error");
      Files.deleteIfExists(rows);
      Files.deleteIfExists(error);
      try {
        String text = Files.readString(script).replace("${cases}", script.getParent().toString());
        for (int time = Math.max(1, TIMES); time > 1; time--) rowsOf(text);
        Files.write(rows, rowsOf(text));
      } catch (Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) root = root.getCause();
        String said = String.valueOf(root.getMessage()).split("\n")[0];
        Files.writeString(error, root.getClass().getSimpleName() + ": " + said + "\n");
      }
      if (i % 20 == 0) System.err.println("Flink has run " + i + " of " + (arguments.length - 1) + " scripts");
    }
    System.exit(0);
  }

  private static TableEnvironment environment(boolean streaming) {
    Configuration configuration = new Configuration();
    configuration.setString("parallelism.default", "1");
    configuration.setString("table.local-time-zone", "UTC");
    configuration.setString("rest.port", "0");
    configuration.setString("taskmanager.memory.network.min", "64mb");
    configuration.setString("taskmanager.memory.network.max", "64mb");
    configuration.setString("taskmanager.memory.managed.size", "256mb");
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("flink.")) configuration.setString(name.substring("flink.".length()), System.getProperty(name));
    }
    EnvironmentSettings.Builder builder = EnvironmentSettings.newInstance().withConfiguration(configuration);
    return TableEnvironment.create((streaming ? builder.inStreamingMode() : builder.inBatchMode()).build());
  }

  private static List<String> rowsOf(String script) throws Exception {
    boolean streaming = !BATCH.matcher(script).find();
    TableEnvironment environment = environment(streaming);
    List<String> lines = null;
    for (String statement : statementsOf(script)) {
      String head = statement.toUpperCase(Locale.ROOT);
      if (head.startsWith("SET")) {
        String[] sides = statement.substring(3).split("=", 2);
        environment.getConfig().set(unquoted(sides[0]), unquoted(sides[1]));
      } else if (head.startsWith("SELECT") || head.startsWith("WITH")) {
        if (lines != null) throw new IllegalArgumentException("the script has several queries");
        lines = linesOf(environment, statement, streaming);
      } else {
        environment.executeSql(statement).await();
      }
    }
    if (lines == null) throw new IllegalArgumentException("the script has no query");
    return lines;
  }

  private static boolean updates(TableEnvironment environment, String query) {
    String plan = environment.explainSql(query, ExplainDetail.CHANGELOG_MODE);
    Matcher mode = CHANGELOG.matcher(plan);
    return mode.find() && !mode.group(1).equals("I");
  }

  private static List<String> linesOf(TableEnvironment environment, String query, boolean streaming) throws Exception {
    boolean kinds = streaming && updates(environment, query);
    List<String> lines = new ArrayList<>();
    long start = System.nanoTime();
    TableResult result = environment.executeSql(query);
    try (CloseableIterator<Row> rows = result.collect()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        StringBuilder line = new StringBuilder(kinds ? row.getKind().shortString() + "," : "");
        for (int i = 0; i < row.getArity(); i++) line.append(i > 0 ? "," : "").append(cell(row.getField(i)));
        lines.add(line.toString());
      }
    }
    if (TIMES > 0) System.out.printf(Locale.ROOT, "[%d] %.3f s wall%n", ++told, (System.nanoTime() - start) / 1e9);
    Collections.sort(lines);
    lines.add(0, (kinds ? "op," : "") + String.join(",", result.getResolvedSchema().getColumnNames()));
    return lines;
  }

  /** Java writes a sign before years of five digits. */
  private static String timeText(LocalDateTime time) {
    String text = TIME.format(time);
    return text.startsWith("+") ? text.substring(1) : text;
  }

  private static String cell(Object value) {
    if (value == null) return "";
    if (value instanceof LocalDateTime time) return timeText(time);
    if (value instanceof Instant time) return timeText(LocalDateTime.ofInstant(time, ZoneOffset.UTC)) + "Z";
    if (value instanceof LocalTime time) return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
    if (value instanceof BigDecimal number) return number.toPlainString();
    if (value instanceof byte[] bytes) return Base64.getEncoder().encodeToString(bytes);
    if (value instanceof String text) {
      boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
    return value.toString();
  }

  private static String unquoted(String text) {
    String trimmed = text.trim();
    return trimmed.startsWith("'") ? trimmed.substring(1, trimmed.length() - 1).replace("''", "'") : trimmed;
  }

  /** The statements between semicolons, without comments; quotes are respected. */
  private static List<String> statementsOf(String script) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < script.length(); i++) {
      char c = script.charAt(i);
      if (quote == 0 && script.startsWith("--", i)) {
        i = script.indexOf('\n', i);
        if (i < 0) break;
        c = '\n';
      } else if (quote == 0 && (c == '\'' || c == '`')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      if (c != ';' || quote != 0) {
        statement.append(c);
        continue;
      }
      if (!statement.toString().isBlank()) statements.add(statement.toString().trim());
      statement.setLength(0);
    }
    if (!statement.toString().isBlank()) statements.add(statement.toString().trim());
    return statements;
  }
}
