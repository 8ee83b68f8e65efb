package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of a reply are parted by a slash. */
class MaskedReplyTest {
  private static Reply reply(int code, String lines) {
    return new Reply(code, List.of(lines.split("/", -1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "****************",
        "**2*0*",
        "***************************************************0*2******0***********2***2002*00*0*00",
        "****** ** ***** ********* **0* *** 2002",
        "*************/*****"
      })
  void starsAloneAreAMaskedBanner(String lines) {
    assertThat(MaskedReply.isBanner(reply(220, lines))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "***",
        "2002 200 ****",
        "mx.example.net ESMTP Postfix",
        "mx.example.net ESMTP **** no UCE, no UBE ****",
        "**** mx.example.net ****",
        "mx.example.net ESMTP/**********************/* authorised use only */********************",
        "XXXX.example.net ESMTP",
        "mail-2002.example.net"
      })
  void aBannerWithAnythingElseIsNoMask(String lines) {
    assertThat(MaskedReply.isBanner(reply(220, lines))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mx.example.net/XXXXXXXA",
        "mx.example.net/SIZE 10240000/XXXXXXXXXB/DSN",
        "mx.example.net/8BITMIME/XXXXSTARTTLS",
        "mx.example.net/XXXXXXXX 1000",
        "mx.example.net/****************",
        "****************/SIZE 1000"
      })
  void fourXOrStarsInPlaceOfAKeywordAreAMask(String lines) {
    assertThat(MaskedReply.isHello(reply(250, lines))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mx.example.net",
        "XXXXmx.example.net Hello XXXX",
        "mx.example.net **** welcome ****/SIZE 1000",
        "mx.example.net/XCLIENT NAME ADDR PROTO HELO/XFORWARD NAME ADDR",
        "mx.example.net/X-EXPS GSSAPI NTLM/X-ANONYMOUSTLS/XEXCH50/XRDST/XSHADOWREQUEST",
        "mx.example.net/XXE/XXX/X-XXXX/AUTH XXXX PLAIN",
        "mx.example.net/xxxx-lower"
      })
  void privateKeywordsAndNamesAreNoMask(String lines) {
    assertThat(MaskedReply.isHello(reply(250, lines))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5.3.3 Unrecognized command 'XXXX'", "unknown command: \"XXXX mx.example.net\""})
  void aVerbThatArrivedMaskedIsAMask(String text) {
    assertThat(MaskedReply.isHello(reply(500, text))).isTrue();
    assertThat(MaskedReply.isHello(reply(500, text.replace("XXXX", "EHLO")))).isFalse();
  }
}
