// C++: objects in their order, exceptions through frames, streams, threads.
#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

struct Guard {
    std::string name;
    explicit Guard(std::string given) : name(std::move(given)) { std::cout << "+" << name << "\n"; }
    ~Guard() { std::cout << "-" << name << "\n"; }
};

static Guard global("global");
static thread_local int own = 3;

static int descend(int depth)
{
    Guard guard("frame " + std::to_string(depth));
    if (depth == 0) throw std::runtime_error("deep");
    return descend(depth - 1) + 1;
}

static void count_in_threads()
{
    int total = 0;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&] {
            own++;
            for (int k = 0; k < 100; k++) {
                std::lock_guard<std::mutex> lock(mutex);
                total += own - 3;
            }
        });
    for (auto &thread : threads) thread.join();
    std::cout << total << " " << own << "\n";
}

int main()
{
    try { descend(2); } catch (const std::exception &error) { std::cout << error.what() << "\n"; }
    try {
        (void)std::vector<int>(3).at(10);
    } catch (const std::out_of_range &) {
        std::cout << "range\n";
    }
    try {
        try { throw 42; } catch (...) { throw; }
    } catch (int number) {
        std::cout << number << "\n";
    }
    std::map<std::string, int> counts;
    for (const char *word : {"a", "b", "a"}) counts[word]++;
    for (const auto &[word, count] : counts) std::cout << word << count << "\n";
    std::ofstream("lines.txt") << "line 1\nline 2\n";
    std::ifstream lines("lines.txt");
    for (std::string line; std::getline(lines, line);) std::cout << line << "|";
    std::ostringstream text;
    text << std::hex << 255 << std::setprecision(3) << " " << 3.14159 << std::setw(6) << 7;
    std::cout << text.str() << "\n";
    count_in_threads();
    std::cerr << "to stderr\n";
    return 5;
}
