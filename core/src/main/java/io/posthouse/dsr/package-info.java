/**
 * Direct server return from the servers' side: what they must be set up for, as scripts; and what a
 * check of them observes, and what that means.
 *
 * <p>Start at {@link io.posthouse.dsr.Behind}, a server; then {@link io.posthouse.dsr.SetupScript}.
 *
 * <p>Rule of the room: pure. Of the file, only addresses and ports get into what a machine will
 * run, in the spelling of this program; names stand in comments.
 */
@NullMarked
package io.posthouse.dsr;

import org.jspecify.annotations.NullMarked;
