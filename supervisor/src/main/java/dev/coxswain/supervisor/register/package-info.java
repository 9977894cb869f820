/** Makes runner identities at control planes and keeps their credentials where no crash loses them. */
@NullMarked
package dev.coxswain.supervisor.register;

import org.jspecify.annotations.NullMarked;
