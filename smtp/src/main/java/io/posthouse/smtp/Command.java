package io.posthouse.smtp;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One SMTP command (RFC 5321 section 4.1.1 and its extensions). */
public sealed interface Command extends Parsed {

  /** Its line as it is sent, without CR LF; one char for each octet. */
  String line();

  /**
   * EHLO or HELO.
   *
   * @param extended whether it is EHLO
   * @param name how the client calls itself
   */
  record Hello(boolean extended, String name) implements Command {
    @Override
    public String line() {
      return (extended ? "EHLO " : "HELO ") + name;
    }
  }

  /** MAIL (RFC 5321 section 4.1.1.2). */
  record Mail(Path sender, Parameters parameters) implements Command {
    @Override
    public String line() {
      return "MAIL FROM:<" + sender.text() + '>' + parameters.suffix();
    }

    /** The EHLO keywords that its parameters need. */
    public Set<String> requires() {
      return parameters.requires();
    }

    /** Whether it asks for addresses and headers in UTF-8 (RFC 6531 section 3.1). */
    public boolean isUtf8() {
      return parameters.has("SMTPUTF8");
    }

    /** Whether every octet of it is ASCII. */
    public boolean isAscii() {
      return sender.isAscii() && parameters.isAscii();
    }

    /** What SIZE declares; 0 when it does not. */
    public long declaredSize() {
      return parameters.size();
    }
  }

  /** RCPT (RFC 5321 section 4.1.1.3). */
  record Rcpt(Path recipient, Parameters parameters) implements Command {
    @Override
    public String line() {
      return "RCPT TO:<" + recipient.text() + '>' + parameters.suffix();
    }

    /** Whether every octet of it is ASCII; if not, MAIL must have said SMTPUTF8. */
    public boolean isAscii() {
      return recipient.isAscii() && parameters.isAscii();
    }

    /** The EHLO keywords that its parameters need. */
    public Set<String> requires() {
      return parameters.requires();
    }
  }

  /** DATA. */
  record Data() implements Command {
    @Override
    public String line() {
      return "DATA";
    }
  }

  /**
   * BDAT (RFC 3030 section 2).
   *
   * @param size octets of the chunk
   * @param last whether it is the last one
   */
  record Bdat(long size, boolean last) implements Command {
    @Override
    public String line() {
      return "BDAT " + size + (last ? " LAST" : "");
    }
  }

  /** RSET. */
  record Rset() implements Command {
    @Override
    public String line() {
      return "RSET";
    }
  }

  /** NOOP. */
  record Noop() implements Command {
    @Override
    public String line() {
      return "NOOP";
    }
  }

  /** VRFY. */
  record Vrfy(String argument) implements Command {
    @Override
    public String line() {
      return "VRFY " + argument;
    }
  }

  /** EXPN. */
  record Expn(String argument) implements Command {
    @Override
    public String line() {
      return "EXPN " + argument;
    }
  }

  /** HELP. */
  record Help() implements Command {
    @Override
    public String line() {
      return "HELP";
    }
  }

  /** QUIT. */
  record Quit() implements Command {
    @Override
    public String line() {
      return "QUIT";
    }
  }

  /** STARTTLS (RFC 3207). */
  record StartTls() implements Command {
    @Override
    public String line() {
      return "STARTTLS";
    }
  }

  /**
   * XCLIENT, by which Postfix and others are told the client of a peer that they believe.
   *
   * @param attributes in upper case, to their values without xtext, in order
   */
  record XClient(Map<String, String> attributes) implements Command {
    /** The attributes that we know what to do with. */
    public static final List<String> KNOWN = List.of("NAME", "ADDR", "PORT", "PROTO", "HELO");

    /** Keeps the order. */
    public XClient {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** The same with none but these. */
    public XClient only(Collection<String> offered) {
      Map<String, String> rest = new LinkedHashMap<>(attributes);
      rest.keySet().retainAll(offered);
      return new XClient(rest);
    }

    @Override
    public String line() {
      StringBuilder line = new StringBuilder("XCLIENT");
      attributes.forEach(
          (name, value) -> line.append(' ').append(name).append('=').append(Xtext.encode(value)));
      return line.toString();
    }
  }

  /** AUTH (RFC 4954); what it says is never shown. */
  record Auth(String mechanism, String initialResponse) implements Command {
    @Override
    public String line() {
      return "AUTH " + mechanism + (initialResponse.isEmpty() ? "" : " " + initialResponse);
    }

    /**
     * Whether a text can be what base64 makes (RFC 4648 section 4), be it nothing, or the {@code *}
     * or {@code =} of RFC 4954 section 4.
     */
    public static boolean isBase64(String text) {
      return text.equals("*")
          || text.chars()
              .allMatch(c -> Octets.isLetterOrDigit((char) c) || c == '+' || c == '/' || c == '=');
    }

    @Override
    public String toString() {
      return "Auth[" + mechanism + "]";
    }
  }
}
