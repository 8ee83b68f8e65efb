package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.posthouse.model.MemberTls;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records of TLS whose octets come one by one. */
@ExtendWith(NoLeaks.class)
class TricklingRecordTest {
  private static final int READ = 16 * 1024;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void aRecordOfAClientThatTricklesHoldsOneBuffer(TlsEngine engine) throws TlsException {
    TestAuthority.Issued issued = TestAuthority.named("tests").issue(Kind.EC, "mx.example.net");
    TlsSettings settings = new TlsSettings(directory).file("mx.pem", issued.pem());
    assertHoldsOneBuffer(settings.acceptor(engine).handler(ByteBufAllocator.DEFAULT));
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void aRecordOfAMemberThatTricklesHoldsOneBuffer(TlsEngine engine) throws TlsException {
    TlsSettings settings = new TlsSettings(directory);
    settings.mode = MemberTls.Mode.REQUIRED;
    TlsConnector connector = settings.connector(engine);
    assertHoldsOneBuffer(
        connector.handler(ByteBufAllocator.DEFAULT, TlsSettings.at("mx.example.net", null)));
  }

  private static void assertHoldsOneBuffer(SslHandler handler) {
    EmbeddedChannel channel = new EmbeddedChannel(handler);
    List<ByteBuf> reads = new ArrayList<>();
    byte[] record = new byte[500];
    record[0] = 0x16; // A handshake of 16 KiB, and its first message of nearly as much.
    record[1] = 3;
    record[2] = 1;
    record[3] = 0x40;
    for (byte octet : record) {
      ByteBuf read = channel.alloc().directBuffer(READ).writeByte(octet);
      reads.add(read);
      channel.writeInbound(read);
    }
    assertThat(reads).filteredOn(read -> read.refCnt() > 0).hasSizeLessThanOrEqualTo(1);
    channel.finishAndReleaseAll();
  }
}
