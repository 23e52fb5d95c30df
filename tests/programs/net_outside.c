/* What there is beyond the machine: talks to a port of 127.0.0.1 that a test listens at, or with no
 * argument to an address of documentation (RFC 5737) and a name that nobody has (RFC 6761). */
#include <stdlib.h>
#include "net.h"

static void out_of_reach(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in remote_address = loopback(80);
    struct addrinfo *found = NULL;
    remote_address.sin_addr.s_addr = inet_addr("192.0.2.1");
    SHOW(connect(s, (struct sockaddr *)&remote_address, sizeof remote_address));
    SHOW(sendto(u, "x", 1, 0, (struct sockaddr *)&remote_address, sizeof remote_address));
    SHOW(getaddrinfo("host.invalid", "80", NULL, &found));
    SHOW(gethostbyname("host.invalid") == NULL);
}

int main(int argc, char **argv)
{
    SOCKET s;
    char data[100];
    int got;
    start();
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 2) {
        out_of_reach();
        return 0;
    }
    SHOW(connect_loopback(s, atoi(argv[1])) == 0);
    SHOW(send(s, "question", 8, 0));
    shutdown(s, SD_SEND);
    while ((got = recv(s, data, sizeof data, 0)) > 0) printf("%.*s", got, data);
    printf("end %d\n", got);
    return 0;
}
