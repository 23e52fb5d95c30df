// std::type_info, compiled for Microsoft's C++ ABI: every type's description starts as one.

extern "C" {
void free(void *block) noexcept;
int strcmp(const char *a, const char *b) noexcept;
char *crt_readable_type(const char *name) noexcept;
}

class type_info {
public:
    virtual ~type_info();
    int operator==(const type_info &other) const;
    int operator!=(const type_info &other) const;
    int before(const type_info &other) const;
    const char *name() const;
    const char *raw_name() const;

private:
    type_info(const type_info &) = delete;
    mutable char *readable;
    char decorated[1];
};

type_info::~type_info()
{
    free(readable);
}

int type_info::operator==(const type_info &other) const
{
    return !strcmp(decorated + 1, other.decorated + 1);
}

int type_info::operator!=(const type_info &other) const
{
    return !(*this == other);
}

int type_info::before(const type_info &other) const
{
    return strcmp(decorated + 1, other.decorated + 1) < 0;
}

const char *type_info::raw_name() const
{
    return decorated;
}

const char *type_info::name() const
{
    if (!readable)
        readable = crt_readable_type(decorated);
    return readable;
}

void operator delete(void *block) noexcept
{
    free(block);
}

void operator delete(void *block, decltype(sizeof 0)) noexcept
{
    free(block);
}
