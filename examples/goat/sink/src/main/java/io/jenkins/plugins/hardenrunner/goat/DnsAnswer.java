package io.jenkins.plugins.hardenrunner.goat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Answers for the names of {@link Zone}: an A record, a TXT record, no data for other types. Other names do not exist;
 * NXDOMAIN rather than REFUSED lets a resolver go on through its search list.
 */
final class DnsAnswer {
    private static final long TTL = 30;

    private DnsAnswer() {}

    /** @return null for a message that is itself an answer, which must not be answered */
    static Message to(Message query) throws UnknownHostException {
        if (query.getHeader().getFlag(Flags.QR)) {
            return null;
        }
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        reply.getHeader().setFlag(Flags.RA);
        Record question = query.getQuestion();
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            reply.getHeader().setRcode(Rcode.NOTIMP);
            return reply;
        }
        if (question == null) {
            reply.getHeader().setRcode(Rcode.FORMERR);
            return reply;
        }
        reply.addRecord(question, Section.QUESTION);
        Name name = question.getName();
        Optional<Zone> zone = Zone.of(name.toString(true));
        if (zone.isEmpty()) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
            return reply;
        }
        reply.getHeader().setFlag(Flags.AA);
        switch (question.getType()) {
            case Type.A ->
                reply.addRecord(
                        new ARecord(name, DClass.IN, TTL, InetAddress.getByName(zone.get().address())),
                        Section.ANSWER);
            case Type.TXT -> reply.addRecord(new TXTRecord(name, DClass.IN, TTL, "goat"), Section.ANSWER);
            default -> reply.addRecord(authority(zone.get()), Section.AUTHORITY);
        }
        return reply;
    }

    private static SOARecord authority(Zone zone) {
        Name apex = Name.fromConstantString(zone.domain() + ".");
        return new SOARecord(
                apex, DClass.IN, TTL, apex, Name.fromConstantString("hostmaster.test."), 1, 3600, 600, 86400, TTL);
    }
}
