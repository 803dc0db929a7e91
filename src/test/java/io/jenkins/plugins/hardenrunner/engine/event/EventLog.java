package io.jenkins.plugins.hardenrunner.engine.event;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes event files as the helper does (docs/events.md), for tests. */
public final class EventLog {
    public static final String NONCE = "00112233445566778899aabbccddeeff";
    private static final long T0 = 1_800_000_000_000L;

    private final List<String> lines = new ArrayList<>();
    private final EventChain chain;
    private final String nonce;
    private int seq = 1;

    public EventLog() {
        this(NONCE);
    }

    public EventLog(String nonce) {
        this.nonce = nonce;
        this.chain = new EventChain(nonce);
    }

    /** Appends an event. @param fields with single quotes for double ones, without braces */
    public EventLog add(String kind, String fields) {
        return add(1, kind, fields);
    }

    /** Appends a line that stands for several events. */
    public EventLog add(int events, String kind, String fields) {
        return raw(events, kind, fields.replace('\'', '"'));
    }

    /** The same, with the fields as they are. */
    public EventLog raw(int events, String kind, String fields) {
        String body = "{\"seq\":" + seq + ",\"t\":" + (T0 + seq) + ",\"m\":" + seq * 1000 + ",\"k\":\"" + kind + "\""
                + (fields.isEmpty() ? "" : "," + fields);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        lines.add(body + ",\"h\":\"" + chain.append(bytes, bytes.length) + "\"}");
        seq += events;
        return this;
    }

    public EventLog start(String... command) {
        return startIn("enforced", "", command);
    }

    public EventLog startIn(String state, String degraded, String... command) {
        return add("start", "'schema':1,'helper':'0.1','nonce':'" + nonce + "','policy':'" + "ab".repeat(32)
                + "','egress':'audit','files':'audit','credentials':'off','loopback':'own','command':['" + String.join("','", command)
                + "'],'cwd':'/ws','pid':10,'uid':1000,'kernel':'6.1.0','arch':'x86_64','state':'" + state + "','degraded':["
                + degraded + "],'tags':{}");
    }

    public EventLog process(int id, int parent, String exe, String cwd, String... argv) {
        return add("process", image(id, parent, exe, cwd, argv));
    }

    public EventLog npm(int id, int parent, String exe, String cwd, String name, String version, String script, String... argv) {
        return add("process", image(id, parent, exe, cwd, argv) + ",'package':{'name':'" + name + "','version':'" + version
                + "','script':'" + script + "'}");
    }

    private static String image(int id, int parent, String exe, String cwd, String... argv) {
        return "'id':" + id + ",'parent':" + parent + ",'pid':" + (100 + id) + ",'ppid':" + (100 + parent) + ",'exe':'" + exe
                + "','argv':['" + String.join("','", argv) + "'],'cwd':'" + cwd + "','source':'proc'";
    }

    public EventLog connect(int image, String address, int port, String name, String verdict, String rule) {
        return add("net", "'p':" + image + ",'pid':" + (100 + image) + ",'op':'connect','proto':'tcp','addr':'" + address + "','port':"
                + port + (name == null ? "" : ",'name':'" + name + "'") + ",'verdict':'" + verdict + "','rule':'" + rule + "'");
    }

    public EventLog dns(int image, String name, String verdict, String rule) {
        return add("dns", "'p':" + image + ",'pid':" + (100 + image) + ",'name':'" + name + "','type':'A','transport':'udp','verdict':'"
                + verdict + "','rule':'" + rule + "','rcode':'" + (verdict.equals("blocked") ? "NXDOMAIN" : "NOERROR") + "','answers':[]");
    }

    public EventLog write(int image, String path, String verdict, String rule) {
        return add("file", "'p':" + image + ",'pid':" + (100 + image) + ",'op':'write','path':'" + path + "','verdict':'" + verdict
                + "','rule':'" + rule + "'");
    }

    /** A {@code files} line of one image that creates files of these names. @param directory ends with a slash */
    public EventLog creates(int image, String directory, String... names) {
        return add(names.length, "files", "'n':" + names.length + ",'verdict':'allowed','rule':'default','sets':[{'p':" + image + ",'pid':"
                + (100 + image) + ",'op':'write','dir':'" + directory + "','create':true}],'us':[" + "0,".repeat(names.length - 1)
                + "0],'names':['" + String.join("','", names) + "']");
    }

    public EventLog end(int status) {
        add("exit", "'status':" + status + ",'signal':0");
        return add("end", "'events':" + seq + ",'dropped':0,'processes':3,'notifications':9,'intact':true");
    }

    public List<String> lines() {
        return lines;
    }

    public String text() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    public InputStream stream() {
        return stream(text());
    }

    public static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
