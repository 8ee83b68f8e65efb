package io.posthouse.net;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Says whether the certificate that a peer showed proves its name.
 *
 * <p>Which one to ask for an engine is kept beside it, because a session that is resumed brings the
 * certificate along but not what was thought of it. Only engines that ask their peer for one are
 * kept.
 */
@FunctionalInterface
interface PeerTrust {
  /** Engines of all loops; they are not known any more when they are garbage. */
  Map<SSLEngine, PeerTrust> OF_ENGINES = Collections.synchronizedMap(new WeakHashMap<>());

  /** Whether a peer with this chain is who its certificate says. */
  boolean trusts(X509Certificate[] chain);

  /** The certificate of an engine's peer; null for one that showed none that is trusted. */
  static @Nullable X509Certificate trusted(SSLEngine engine) {
    PeerTrust trust = OF_ENGINES.get(engine);
    if (trust == null) {
      return null;
    }
    try {
      Certificate[] shown = engine.getSession().getPeerCertificates();
      X509Certificate[] chain = Arrays.copyOf(shown, shown.length, X509Certificate[].class);
      return trust.trusts(chain) ? chain[0] : null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }
}
