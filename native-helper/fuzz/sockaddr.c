#include <stddef.h>
#include "sockaddr.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int domains[] = {AF_INET, AF_INET6, AF_UNIX};
    if (size < 1)
        return 0;
    struct endpoint e;
    struct sockaddr_storage out;
    char text[46];
    int domain = domains[(data[0] & 0x7f) % 3];
    if (address_read(data + 1, size - 1, domain, data[0] & 0x80 ? ADDRESS_SEND : ADDRESS_CONNECT, &e) == ADDRESS_OK) {
        address_text(&e, text);
        (void)address_loopback(domain, data + 1, size - 1, 1, 2, &out);
    }
    return 0;
}
