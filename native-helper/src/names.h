/*
 * Which names the addresses have that this block was given: answers of the resolver for their time to live and a grace
 * (programs keep addresses longer than DNS allows), the hosts file for ever. Needs the supervisor's lock.
 */
#ifndef HARDEN_NAMES_H
#define HARDEN_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#define NAMES_FOR_EVER UINT32_MAX
#define NAMES_GRACE_S 300U /* at least; a longer time to live counts twice */
#define NAMES_PER_ADDRESS 32U

/* `address` in canonical form (struct endpoint). The name is copied. */
void names_bind(const unsigned char address[16], const char *name, uint32_t ttl_s);

/* Fills `out` with the names that are valid now; returns how many (at most NAMES_PER_ADDRESS). */
unsigned names_of(const unsigned char address[16], const char *out[NAMES_PER_ADDRESS]);

/*
 * The name to show for an address that no rule about a name decided: the one that was looked up last; else, of those in the
 * hosts file, the first, as gethostbyaddr does. A loopback address has as many names there as the machine has roles, and
 * none of them says what was meant: `localhost` or none. NULL if there is none.
 */
const char *names_shown(const unsigned char address[16], bool loopback);

/* Binds the entries of a hosts file. Names in it are looked up by libc and never reach the resolver. */
void names_read_hosts(const char *path);

#endif
