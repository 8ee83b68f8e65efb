package io.posthouse.switching;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Outlet;
import io.posthouse.smtp.session.Security;
import io.posthouse.smtp.session.SessionLimits;
import io.posthouse.smtp.session.Verdicts;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client's octets cost until they are dealt with. */
final class ClientReaderTest {
  @Test
  @SuppressWarnings("NullAway") // What waits to be dealt with never comes to the link.
  void piecesOfOneReadAreKeptTogetherAndNotEachInABuffer() {
    Outlet nobody =
        (Outlet)
            Proxy.newProxyInstance(
                Outlet.class.getClassLoader(),
                new Class<?>[] {Outlet.class},
                (proxy, method, arguments) -> null);
    Link session =
        new Link("mx", new SessionLimits(1, 1, 1, 0, Security.NONE), nobody, new Verdicts() {});
    ClientReader reader = new ClientReader(null, session, null, ByteBufAllocator.DEFAULT, false);
    List<ByteBuf> pieces = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(64).writeByte('x');
      pieces.add(piece);
      reader.take(piece);
    }
    assertThat(pieces).filteredOn(each -> each.refCnt() > 0).hasSizeLessThanOrEqualTo(1);
    reader.clear();
    assertThat(pieces).allMatch(each -> each.refCnt() == 0);
  }
}
