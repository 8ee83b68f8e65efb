package io.posthouse.store;

import io.posthouse.model.AdminState;

/**
 * A state that was set at run time.
 *
 * @param inFile what the file said at that time
 */
record Setting(AdminState state, AdminState inFile) {}
