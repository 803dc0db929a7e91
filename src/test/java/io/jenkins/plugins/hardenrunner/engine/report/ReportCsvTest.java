package io.jenkins.plugins.hardenrunner.engine.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportCsvTest {
    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1+1"})
    void cellsNeverBeginLikeAFormula(String text) {
        String cell = ReportCsv.cell(text);
        assertThat(cell.charAt(0) == '"' ? cell.charAt(1) : cell.charAt(0), is('\''));
    }

    @Test
    void cellsWithSeparatorsAreQuoted() {
        assertThat(ReportCsv.cell("a,b"), is("\"a,b\""));
        assertThat(ReportCsv.cell("say \"x\""), is("\"say \"\"x\"\"\""));
        assertThat(ReportCsv.cell("a\nb"), is("\"a\nb\""));
        assertThat(ReportCsv.cell(""), is(""));
        assertThat(ReportCsv.cell("plain.example"), is("plain.example"));
    }

    @Test
    void rowsNameTheProcessesBehindThem() throws IOException {
        Report report = new Report();
        Report.Lineage lineage = new Report.Lineage();
        lineage.id = "x1";
        lineage.packageName = "evil";
        lineage.packageVersion = "1.0.0";
        lineage.script = "preinstall";
        Report.LineageProcess process = new Report.LineageProcess();
        process.argv = List.of("=cmd|' /C calc'!A0", "a,b");
        lineage.processes = List.of(process);
        report.lineages.add(lineage);
        Report.Endpoint row = new Report.Endpoint();
        row.name = "=evil.test";
        row.address = "192.0.2.1";
        row.port = 443;
        row.protocol = "tcp";
        row.verdict = "blocked";
        row.rule = "default";
        row.count = 2;
        row.lineages = List.of("x1", "x1");
        report.endpoints.add(row);
        StringWriter out = new StringWriter();
        ReportCsv.endpoints(report, out);
        assertThat(out.toString(), is("name,address,port,protocol,verdict,rule,count,firstSeen,lastSeen,baseline,processes,packages,steps\r\n"
                + "'=evil.test,192.0.2.1,443,tcp,blocked,default,2,,,,\"'=cmd|' /C calc'!A0 a,b\",evil@1.0.0 preinstall,\r\n"));
    }
}
