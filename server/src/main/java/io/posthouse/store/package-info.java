/**
 * What is kept on disk beside the configuration file: the administrator's token and the states set
 * at run time.
 *
 * <p>Start at {@link io.posthouse.store.TokenFile} and {@link io.posthouse.store.MemberStates}.
 *
 * <p>Rule of the room: every file is written whole or not at all (temporary file, fsync, rename),
 * readable by its owner only, and mail goes on when the disk does not. A token that others could
 * read or have put there is not used. Methods block; call them on virtual threads, never on an
 * event loop.
 */
@NullMarked
package io.posthouse.store;

import org.jspecify.annotations.NullMarked;
